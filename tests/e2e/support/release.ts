// A newer release of the app, made from the built one: another page, so another list for the service worker.

import { createHash } from 'node:crypto';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A copy of the built app in `folder` that can be changed. */
export async function copyOf(app: string, folder: string): Promise<string> {
  const copy = join(folder, 'app');
  await cp(app, copy, { recursive: true });
  return copy;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Puts a newer release in place of the one in `app`; its pages say `name`. */
export async function publish(app: string, name: string): Promise<void> {
  const before = await readFile(join(app, 'index.html'), 'utf8');
  const after = before.replace('<head>', `<head><meta name="e2e-release" content="${name}">`);
  await replace(app, 'index.html', after);
  const worker = await readFile(join(app, 'sw.js'), 'utf8');
  const listed = worker.replace(sha256(before), sha256(after));
  if (listed === worker) throw new Error('sw.js does not list the digest of index.html');
  await replace(app, 'sw.js', listed.replace(/RELEASE = '\w+'/, `RELEASE = '${name}'`));
}

async function replace(app: string, file: string, text: string): Promise<void> {
  await writeFile(join(app, file), text);
  // The server prefers these, and they are of the text before.
  await rm(join(app, `${file}.br`), { force: true });
  await rm(join(app, `${file}.gz`), { force: true });
}
