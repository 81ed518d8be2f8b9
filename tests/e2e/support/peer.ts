// A backend that is not ours, in a process of its own: see tests/peers/serve.mjs.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';

const SERVE = fileURLToPath(new URL('../../peers/serve.mjs', import.meta.url));

export type Kind = 'couchdb' | 'postgrest' | 'openrosa' | 'webdav' | 's3' | 'webhook';

/** The records that a place of files holds, each as often as it is: all files but the one that names the life of the folder. */
export async function recordsInFiles(peer: Peer): Promise<Record<string, unknown>[]> {
  const all = await peer.list<[name: string, content: string]>();
  const records = all.filter(([name]) => !name.endsWith('waymark-life.json'));
  expect(records.length, 'one names the life').toBe(Math.max(0, all.length - 1));
  return records.map(([name, content]) => {
    const event = JSON.parse(content) as Record<string, unknown>;
    expect(name).toBe(`${event['id']}.json`);
    return event;
  });
}

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

  /** It dies in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.order('kill');
  }

  /** After it was killed: at the same address, with what is on the disk. */
  async restart(): Promise<void> {
    await this.order('restart');
  }

  /** What this statement gives, as the owner of the database. */
  async sql<Row>(statement: string): Promise<Row[]> {
    return (await this.order(`sql ${statement}`))['rows'] as Row[];
  }

  /** Writes this file, whatever is there. */
  async put(name: string, content: string): Promise<void> {
    await this.order(`put ${name} ${content}`);
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
