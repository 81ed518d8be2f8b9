// The server's own word on what it holds, asked without any app.

import type { Role, Server } from './server';

export interface Stored {
  id: string;
  type: string;
  source: string;
  subject?: string;
  time: string;
  data: Record<string, unknown>;
  [attribute: string]: unknown;
}

export class Api {
  private constructor(
    private readonly server: Server,
    private readonly token: string,
  ) {}

  static async enrol(server: Server, role: Role, name: string): Promise<Api> {
    const body = JSON.stringify({ code: await server.code(role), name });
    const response = await fetch(`${base(server)}/enrol`, { method: 'POST', body });
    if (!response.ok) throw new Error(`enrolment failed: ${response.status} ${await response.text()}`);
    const { token } = (await response.json()) as { token: string };
    return new Api(server, token);
  }

  /** Everything in the feed, in its order. */
  async feed(): Promise<Stored[]> {
    const all: Stored[] = [];
    for (let after = 0, more = true; more; ) {
      const headers = { authorization: `Bearer ${this.token}` };
      const response = await fetch(`${base(this.server)}/feed?after=${after}`, { headers });
      if (!response.ok) throw new Error(`no feed: ${response.status} ${await response.text()}`);
      const page = (await response.json()) as { records: Stored[]; next: number; more: boolean };
      all.push(...page.records);
      [after, more] = [page.next, page.more];
    }
    return all;
  }

  /** The bytes of a photo. */
  async blob(sha256: string): Promise<Buffer> {
    const headers = { authorization: `Bearer ${this.token}` };
    const response = await fetch(`${base(this.server)}/blobs/${sha256}`, { headers });
    if (!response.ok) throw new Error(`no photo: ${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }

  async ids(type = 'checkin.made'): Promise<string[]> {
    const feed = await this.feed();
    return feed.filter((record) => record.type.includes(`.${type}.`)).map((record) => record.id);
  }
}

const base = (server: Server) => `http://127.0.0.1:${server.port}/api/v1`;
