// Pictures as cameras write them, and files that only look like it.

import { crc32 } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { Chosen } from '../pages/report';

/** What the camera writes beside the picture; nobody else is to read it. */
export const SECRET = 'Farchana 13.6012N 21.7833E';

/** A JPEG of noise, lying on its side, with where and by what it was taken. */
export async function photo(page: Page, name = 'IMG_0001.jpg', width = 2_000, height = 1_500): Promise<Chosen> {
  const plain = await noise(page, width, height, 'image/jpeg');
  // Behind the two bytes with which a JPEG begins.
  const buffer = Buffer.concat([plain.subarray(0, 2), exif(), plain.subarray(2)]);
  return { name, mimeType: 'image/jpeg', buffer };
}

export async function screenshot(page: Page, name = 'Screenshot.png'): Promise<Chosen> {
  const plain = await noise(page, 300, 200, 'image/png');
  // Behind the signature and IHDR.
  const text = chunk('tEXt', Buffer.from(`Comment\0${SECRET}`));
  return { name, mimeType: 'image/png', buffer: Buffer.concat([plain.subarray(0, 33), text, plain.subarray(33)]) };
}

/** The beginning of a JPEG, and then nothing that belongs to one. */
export function broken(name = 'broken.jpg'): Chosen {
  const start = Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 200, 1, 44, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
  return { name, mimeType: 'image/jpeg', buffer: Buffer.concat([start, Buffer.alloc(5_000, 7)]) };
}

/** Text under the name of a picture. */
export function noPicture(name = 'note.jpg'): Chosen {
  return { name, mimeType: 'image/jpeg', buffer: Buffer.from('Soldiers at the bridge') };
}

/** A small file that says it holds 400 million pixels. */
export function bomb(name = 'wall.png'): Chosen {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(20_000, 0);
  size.writeUInt32BE(20_000, 4);
  size.set([8, 2], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return { name, mimeType: 'image/png', buffer: Buffer.concat([signature, chunk('IHDR', size)]) };
}

async function noise(page: Page, width: number, height: number, type: string): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([width, height, type]) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d')!;
      for (let at = 0; at < 9_000; at += 1) {
        context.fillStyle = `hsl(${Math.random() * 360} 60% ${Math.random() * 100}%)`;
        context.fillRect(Math.random() * width, Math.random() * height, 40, 25);
      }
      const blob = await canvas.convertToBlob({ type, quality: 0.9 });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    },
    [width, height, type] as const,
  );
  return Buffer.from(base64, 'base64');
}

/** An APP1 segment: TIFF with a description and "turn it by a quarter" (Exif 2.32, 4.6.4). */
function exif(): Buffer {
  const description = Buffer.from(`${SECRET}\0`);
  const head = Buffer.alloc(38);
  head.write('II*\0', 0, 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(2, 8);
  entry(head, 10, 0x010e, 2, description.length, 38);
  entry(head, 22, 0x0112, 3, 1, 6);
  const content = Buffer.concat([Buffer.from('Exif\0\0'), head, description]);
  const marker = Buffer.from([0xff, 0xe1, 0, 0]);
  marker.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([marker, content]);
}

function entry(into: Buffer, at: number, tag: number, type: number, count: number, value: number): void {
  into.writeUInt16LE(tag, at);
  into.writeUInt16LE(type, at + 2);
  into.writeUInt32LE(count, at + 4);
  into.writeUInt32LE(value, at + 8);
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
