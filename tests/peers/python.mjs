// Peers that are written in Python, in the environment that the tests make.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** The Python process with these arguments; ends with `close`, or with `kill` as by a power cut. What it says goes nowhere unless `stdout` is `pipe`. */
export function startPython(args, stdout = 'ignore') {
  const python = process.env.WAYMARK_PEERS_PYTHON;
  if (!python) throw new Error('WAYMARK_PEERS_PYTHON is not set: run these tests by `cargo xtask test`');
  const child = spawn(python, args, { stdio: ['pipe', stdout, 'ignore'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${args.join(' ')} ended with ${code}`);
  });
  ended.catch(() => {});
  const end = async (signal) => {
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill(signal);
    await gone;
  };
  return { child, ended, close: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when something answers there. */
export async function answering(url, ended) {
  for (;;) {
    const answered = fetch(url).then(() => true, () => false);
    if (await Promise.race([answered, ended])) return;
    await new Promise((then) => setTimeout(then, 100));
  }
}
