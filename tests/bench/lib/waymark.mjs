// The server as people run it, with a data folder of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { needed } from './environment.mjs';

const CODE = /^enrolment code, (\w+): (\S+)$/;
const ADDRESS = /^Waymark is at (http:\S+)$/;

/** Gives its origin, enrolment codes by role, a traveller's by itself, its folder, and the way to end it. */
export async function startWaymark(data) {
  const args = ['serve', '--demo', '--empty', '--addr', '127.0.0.1:0', '--data', data, '--app', needed('WAYMARK_APP')];
  const child = spawn(needed('WAYMARK_SERVER'), args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const server = { origin: '', code: '', codes: {}, data, stop: () => end(child) };
  for await (const line of createInterface({ input: child.stdout })) {
    const address = ADDRESS.exec(line)?.[1];
    if (address) server.origin = new URL(address).origin;
    const [, role, code] = CODE.exec(line) ?? [];
    if (role) server.codes[role] = code;
    if (server.origin && server.codes.central) break;
  }
  child.stdout.resume();
  server.code = server.codes.traveller ?? '';
  if (!server.code) throw new Error('waymark-server did not start');
  return server;
}

/** From now on it passes on what it holds to this backend. */
export async function relayTo({ data }, { kind, address, user, password }) {
  const args = ['relay', 'add', '--data', data, '--kind', kind, '--name', 'Copy', '--address', address, '--user', user];
  const child = spawn(needed('WAYMARK_SERVER'), [...args, '--secret-file', '-'], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(password);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`waymark-server relay add ended with ${code}`);
}

export async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
