// A standards pack of many cards, as an organisation might write one: the built-in cards over and over, each with words of
// its own.

import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { needed } from './environment.mjs';

const run = promisify(execFile);
const CARDS = new URL('../../../crates/core/pack/cards/', import.meta.url);
const LANGUAGES = ['en', 'fr', 'es', 'ar'];

const pack = (...args) => run(needed('WAYMARK_SERVER'), ['pack', ...args]);

/** Writes a pack of so many cards in four languages into `folder`, and makes a key. */
export async function writePack(folder, count) {
  const files = await readdir(CARDS);
  const ids = files.filter((name) => name.endsWith('.en.md')).map((name) => name.slice(0, -'.en.md'.length));
  await mkdir(join(folder, 'pack', 'cards'), { recursive: true });
  for (let at = 0; at < count; at++) {
    const id = ids[at % ids.length];
    const turn = Math.floor(at / ids.length);
    // The first of each stands in the place of the built-in one.
    const own = turn === 0 ? id : `${id}-${turn}`;
    for (const language of LANGUAGES) {
      const text = await readFile(new URL(`${id}.${language}.md`, CARDS), 'utf8');
      const other = text.replace(/^words: /m, `words: mark${at}x${language}, `).replace(`(card:${own})`, '(card:lost-contact)');
      await writeFile(join(folder, 'pack', 'cards', `${own}.${language}.md`), other);
    }
  }
  await pack('key', join(folder, 'secret'));
}

/** Signs it as this version and publishes it. `changed`: the first card has a step that is another. */
export async function publish(folder, data, version, changed) {
  const about = ['id: org.bench', `version: ${version}`, 'title: Many cards', 'issued: 2024-01-01', 'expires: 2099-01-01', `languages: ${LANGUAGES.join(', ')}`];
  await writeFile(join(folder, 'pack', 'pack.md'), `---\n${about.join('\n')}\n---\n`);
  if (changed) {
    const path = join(folder, 'pack', 'cards', 'checkpoint.en.md');
    await writeFile(path, (await readFile(path, 'utf8')).replace('1. Slow down early.', '1. Slow down very early.'));
  }
  const out = join(folder, `signed-${version}`);
  await pack('sign', join(folder, 'pack'), '--key', join(folder, 'secret'), '--out', out);
  await pack('publish', out, '--data', data);
}
