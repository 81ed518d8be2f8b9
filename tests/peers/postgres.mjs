// A PostgreSQL of one's own, in a folder that goes with it.

import { spawn, spawnSync, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The folder with `initdb` and `postgres`: on PATH, or where Debian puts them. */
export function binaries() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(delimiter)];
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
  if (!found) throw new Error('PostgreSQL is missing: initdb and postgres were not found');
  return found;
}

/** Who runs it: PostgreSQL refuses to be root. */
function owner() {
  if (process.getuid() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((what) => Number(spawnSync('id', [what, name]).stdout.toString()));
    if (uid > 0) return { uid, gid };
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody');
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/**
 * Starts one; `durable` where what it says is stored has to be on the disk. Gives `{ url, kill, restart, close }`; the user of
 * the address is the owner of everything.
 */
export async function startPostgres({ durable = false } = {}) {
  const bin = binaries();
  const who = owner();
  const folder = mkdtempSync(join(tmpdir(), 'waymark-postgres-'));
  if (who.uid) chownSync(folder, who.uid, who.gid);
  const data = join(folder, 'data');
  // LC_ALL: errors are read as PostgREST gives them, in English.
  const options = { ...who, cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8' } };
  execFileSync(
    join(bin, 'initdb'),
    ['--pgdata', data, '--username', 'owner', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync'],
    { ...options, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const port = await freePort();
  const at = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder];
  let server;
  const start = async () => {
    server = spawn(
      join(bin, 'postgres'),
      // What was written survives the process without fsync, though not the machine.
      [...at, '-c', `fsync=${durable ? 'on' : 'off'}`, '-c', 'max_connections=40'],
      { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    await new Promise((ready, failed) => {
      server.stderr.on('data', (piece) => {
        said += piece;
        if (said.includes('ready to accept connections')) ready();
      });
      server.once('exit', (code) => failed(new Error(`PostgreSQL ended with ${code}: ${said}`)));
    });
    server.removeAllListeners('exit');
  };
  const end = async (signal) => {
    const gone = server.exitCode === null && server.signalCode === null ? once(server, 'exit') : undefined;
    server.kill(signal);
    await gone;
  };
  await start();
  return {
    url: `postgres://owner@127.0.0.1:${port}/postgres`,
    kill: () => end('SIGKILL'),
    /** Those that the killed one left behind go by themselves when they notice; until then the data is in use. */
    async restart() {
      for (;;) {
        try {
          return await start();
        } catch (error) {
          if (!String(error).includes('shared memory block')) throw error;
          await new Promise((then) => setTimeout(then, 100));
        }
      }
    },
    async close() {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
