// What every spec starts from: a server and a network of its own, and phones to hand out.

import { type BrowserContext, type BrowserContextOptions, expect, test as base } from '@playwright/test';
import { app } from './environment';
import { Line } from './line';
import { type Kind, Peer } from './peer';
import { Phone, PHONE } from './phone';
import { Proxy } from './proxy';
import { type Role, Server } from './server';

export interface Fixtures {
  /** The folder with the app that the server serves. */
  release: string;
  server: Server;
  network: Proxy;
  /** A new phone, with nothing on it. */
  newPhone: (options?: BrowserContextOptions) => Promise<Phone>;
  /** A new phone whose person has joined and sees the home screen. */
  join: (role: Role, name: string, options?: BrowserContextOptions) => Promise<Phone>;
  /** The same, of somebody who works in this area alone. */
  joinIn: (area: string, role: Role, name: string, options?: BrowserContextOptions) => Promise<Phone>;
  /** Somebody else's backend. */
  peer: (kind: Kind, options?: object) => Promise<Peer>;
  /** A line, good as yet, to the server at this URL. */
  lineTo: (url: string) => Promise<Line>;
}

export const test = base.extend<Fixtures>({
  peer: async ({}, use) => {
    const peers: Peer[] = [];
    await use(async (kind, options) => {
      const peer = await Peer.start(kind, options);
      peers.push(peer);
      return peer;
    });
    for (const peer of peers) await peer.close();
  },
  lineTo: async ({}, use) => {
    const lines: Line[] = [];
    await use(async (url) => {
      const line = await Line.to(url);
      lines.push(line);
      return line;
    });
    for (const line of lines) await line.close();
  },
  release: async ({}, use) => {
    await use(app());
  },
  server: async ({ release }, use) => {
    const server = await Server.start(release);
    await use(server);
    await server.remove();
  },
  network: async ({ server }, use) => {
    const network = await Proxy.before(() => server.port);
    await use(network);
    await network.close();
  },
  newPhone: async ({ browser, network, locale, timezoneId }, use) => {
    const phones: Phone[] = [];
    const broken: string[] = [];
    await use(async (options = PHONE) => {
      const own = { baseURL: network.url, ...(locale ? { locale } : {}), ...(timezoneId ? { timezoneId } : {}) };
      const context = await browser.newContext({ ...own, ...options });
      noteWhatBreaks(context, broken);
      const phone = new Phone(await context.newPage());
      phones.push(phone);
      return phone;
    });
    for (const phone of phones) await phone.context.close();
    expect(broken, 'the app broke, whatever the screen showed').toEqual([]);
  },
  join: async ({ newPhone, server }, use) => {
    await use(async (role, name, options) => {
      const phone = await newPhone(options);
      await phone.join(await server.code(role), name);
      return phone;
    });
  },
  joinIn: async ({ newPhone, server }, use) => {
    await use(async (area, role, name, options) => {
      const phone = await newPhone(options);
      await phone.join(await server.code(role, { area }), name);
      return phone;
    });
  },
});

/** Panics, uncaught errors, and what the content security policy had to stop. */
function noteWhatBreaks(context: BrowserContext, broken: string[]): void {
  context.on('weberror', (error) => void broken.push(String(error.error())));
  context.on('console', (message) => {
    if (/panicked|Content Security Policy/.test(message.text())) broken.push(message.text());
  });
}

export { expect } from '@playwright/test';
