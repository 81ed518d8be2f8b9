// Where things are, said by `cargo xtask bench`; and what this machine is.

import { mkdtemp, rm } from 'node:fs/promises';
import { arch, cpus, loadavg, platform, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

export function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this by \`cargo xtask bench\``);
  return value;
}

/** A folder on a disk (an in-memory profile would make strict writes free), and the way to remove it. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }) };
}

export function machine() {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim() || arch()}, ${memory} GiB, ${platform()}`;
}

/** `--name value` on the command line. */
export function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

/** The same, of several numbers by comma. */
export function listed(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1].split(',').map(Number);
}

/** The same, of several words by comma, each one of these; all of them where nothing is said. */
export function chosen(name, known) {
  const at = process.argv.indexOf(`--${name}`);
  const words = at < 0 ? known : (process.argv[at + 1] ?? '').split(',');
  const unknown = words.filter((word) => !known.includes(word));
  if (unknown.length > 0) throw new Error(`--${name} ${unknown.join(',')}: know ${known.join(', ')}`);
  return words;
}

/** How busy the machine has been in the last minute. */
export const load = () => loadavg()[0].toFixed(1);

export const isChecked = () => process.argv.includes('--check');
