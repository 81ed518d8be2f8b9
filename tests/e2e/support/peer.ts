// A backend that is not ours, in a process of its own: see tests/peers/serve.mjs.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SERVE = fileURLToPath(new URL('../../peers/serve.mjs', import.meta.url));

export type Kind = 'couchdb' | 'postgrest' | 'openrosa' | 'webdav' | 's3' | 'webhook';

/** What the database takes somebody for. */
export interface Claims {
  org: string;
  user: string;
  device: string;
  role: string;
  areas: string[];
}

export class Peer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: Interface,
    readonly address: string,
    readonly user: string,
    readonly password: string,
  ) {}

  static async start(kind: Kind, options: object = {}): Promise<Peer> {
    const child = spawn(process.execPath, [SERVE, kind, JSON.stringify(options)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${kind} did not start`);
    });
    const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
    const { address, user = '', password = '' } = JSON.parse(line) as Record<string, string>;
    return new Peer(child, lines, address ?? '', user, password);
  }

  /** All that was in it is gone. */
  async wipe(): Promise<void> {
    await this.order('wipe');
  }

  /** A token for this person. */
  async token(claims: Claims): Promise<string> {
    const { token } = await this.order(`token ${JSON.stringify(claims)}`);
    return String(token);
  }

  /** What it holds. */
  async list<Thing>(): Promise<Thing[]> {
    return (await this.order('list'))['list'] as Thing[];
  }

  async close(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.stdin?.end();
    await gone;
  }

  private async order(order: string): Promise<Record<string, unknown>> {
    const answered = once(this.lines, 'line') as Promise<[string]>;
    this.child.stdin?.write(`${order}\n`);
    const answer = JSON.parse((await answered)[0]) as Record<string, unknown>;
    if (answer['error']) throw new Error(String(answer['error']));
    return answer;
  }
}
