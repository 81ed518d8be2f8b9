// One waymark-server with a data folder of its own.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { serverBinary, temporaryFolder } from './environment';

export type Role = 'traveller' | 'reporter' | 'manager' | 'security' | 'central';

const run = promisify(execFile);
const CODE = /^enrolment code, (\w+): (\S+)$/;
const ADDRESS = /^Waymark is at (http:\S+)$/;

export class Server {
  /** Of the running server; another one after each start. */
  port = 0;
  private process: ChildProcess | undefined;
  private readonly codes = new Map<string, string[]>();

  private constructor(
    private readonly folder: string,
    private readonly removeFolder: () => Promise<void>,
    private readonly app: string,
  ) {}

  static async start(app: string): Promise<Server> {
    const { path, remove } = await temporaryFolder();
    const server = new Server(path, remove, app);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const args = ['serve', '--demo', '--empty', '--addr', '127.0.0.1:0', '--data', this.data, '--app', this.app];
    // By a shell, so that no file that may not grow ends it by a signal.
    const child = spawn('sh', ['-c', 'trap "" XFSZ; exec "$0" "$@"', serverBinary(), ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.process = child;
    this.codes.clear();
    for await (const line of createInterface({ input: child.stdout })) {
      const address = ADDRESS.exec(line)?.[1];
      if (address) this.port = Number(new URL(address).port);
      const [, role, code] = CODE.exec(line) ?? [];
      if (role && code) this.codes.set(role, [code]);
      // The last line before the picture of the link.
      if (line.includes('/enrol#code=')) break;
    }
    child.stdout.resume();
    if (child.exitCode !== null || !this.port) throw new Error('the server did not start');
  }

  /** Whether there is no room for its data: no file of the process may grow then. By a tool of Linux. */
  async full(isFull: boolean): Promise<void> {
    await run('prlimit', ['--pid', String(this.process?.pid), `--fsize=${isFull ? 1 : 'unlimited'}:unlimited`]);
  }

  /** No goodbye: what was not on the disk is gone. */
  kill = () => this.end('SIGKILL');

  stop = () => this.end('SIGTERM');

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    await this.removeFolder();
  }

  /** Another organisation on the same server. */
  async organisation(org: string, name: string): Promise<void> {
    await this.command('init', '--data', this.data, '--org', org, '--name', name);
  }

  /** A code that nobody has used; of the demo organisation, if it is the only one. */
  async code(role: Role, { org, area }: { org?: string; area?: string } = {}): Promise<string> {
    const printed = org || area ? undefined : this.codes.get(role)?.pop();
    if (printed) return printed;
    const of = [...(org ? ['--org', org] : []), ...(area ? ['--areas', area] : [])];
    const { stdout } = await this.command('code', '--data', this.data, '--role', role, ...of);
    const code = CODE.exec(stdout.split('\n')[0] ?? '')?.[2];
    if (!code) throw new Error(`no code in: ${stdout}`);
    return code;
  }

  /** As its operator sets it: minutes between two check-ins on this level. */
  async level(level: string, interval: number): Promise<void> {
    await this.command('levels', '--data', this.data, '--level', level, '--interval', String(interval));
  }

  async backup(): Promise<string> {
    const to = join(this.folder, `backup-${Date.now()}.sqlite`);
    await this.command('backup', '--data', this.data, '--to', to);
    return to;
  }

  /** The server must not be running. */
  async restore(from: string): Promise<void> {
    await this.command('restore', '--data', this.data, '--from', from);
  }

  async revoke(device: string): Promise<void> {
    await this.command('revoke', '--data', this.data, '--device', device);
  }

  /** Phones that drive along, at so many simulated minutes to a real one; `ended` gives what was printed. */
  simulate(...more: string[]): { ended: Promise<string>; stop: () => void } {
    const args = ['simulate', '--url', `http://127.0.0.1:${this.port}`, '--data', this.data, ...more];
    const child = spawn(serverBinary(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
    const ended = once(child, 'exit').then(([code]) => {
      if (code !== 0) throw new Error(`the simulation ended with ${code}: ${said}`);
      return said;
    });
    return { ended, stop: () => void child.kill('SIGKILL') };
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  private command(...args: string[]) {
    return run(serverBinary(), args);
  }
}

/** The forms for OpenRosa, as files of this folder. */
export async function writeForms(folder: string, language: string): Promise<void> {
  await run(serverBinary(), ['forms', '--out', folder, '--language', language]);
}
