// Where things are: `cargo xtask test` says so.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests by \`cargo xtask test\``);
  return value;
}

/** The folder with the built app. */
export const app = () => needed('WAYMARK_APP');
/** The server's binary. */
export const serverBinary = () => needed('WAYMARK_SERVER');
export const chromium = () => needed('CHROMIUM');

export const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A picture of its own in place of a camera, for whoever is allowed one.
  '--use-fake-device-for-media-stream',
];

/** A folder of the test's own, and the way to remove it. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'waymark-e2e-'));
  // A killed browser's helpers may write for a moment longer.
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  return { path, remove };
}
