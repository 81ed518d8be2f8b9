// The network between the phones and the server, with every fault that it can have. Browsers know only the proxy's
// address, so the server may die, move and come back behind it.

import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';

export interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
  at: number;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** Comes in place of the body as it flows, with whatever length the headers say; an error in it breaks the connection. */
  flow?: Readable;
}

/** What the network makes of a request. `forward` asks the server, perhaps something else. */
export type Fault = (asked: Asked, forward: (asked?: Asked) => Promise<Reply>) => Promise<Reply | 'cut'>;

export class Proxy {
  /** Every request so far, in order. */
  readonly asked: Asked[] = [];
  private readonly faults = new Map<string, Fault>();
  private isDown = false;

  private constructor(
    private readonly listener: Server,
    private readonly port: () => number,
  ) {}

  static async before(port: () => number): Promise<Proxy> {
    const listener = createServer();
    const proxy = new Proxy(listener, port);
    listener.on('request', (request, response) => void proxy.answer(request, response).catch(() => response.destroy()));
    // A connection that a browser keeps must not outlive an answer that a fault will change.
    listener.keepAliveTimeout = 1_000;
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** From now on, requests whose path begins with `prefix` meet this. */
  fault(prefix: string, fault: Fault): void {
    this.faults.set(prefix, fault);
  }

  heal(): void {
    this.faults.clear();
    this.isDown = false;
  }

  /** No server to be reached, though the phone has a network. */
  down(): void {
    this.isDown = true;
    this.listener.closeAllConnections();
  }

  up(): void {
    this.isDown = false;
  }

  async close(): Promise<void> {
    this.listener.closeAllConnections();
    this.listener.close();
    await once(this.listener, 'close');
  }

  /** The requests that carried records. */
  sent(): Asked[] {
    return this.asked.filter((asked) => asked.method === 'POST' && asked.path === RECORDS);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isDown) {
      response.destroy();
      return;
    }
    const asked = await read(request);
    this.asked.push(asked);
    const fault = [...this.faults].find(([prefix]) => asked.path.startsWith(prefix))?.[1];
    if (!fault) return this.pass(asked, response);
    const reply = await fault(asked, (other) => this.forward(other ?? asked));
    if (reply === 'cut') {
      response.destroy();
      return;
    }
    if (reply.flow) {
      const { flow } = reply;
      response.writeHead(reply.status, reply.headers);
      response.on('close', () => flow.destroy());
      flow.on('error', () => response.destroy()).pipe(response);
      return;
    }
    response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.body.length }).end(reply.body);
  }

  /** As it comes: the stream of news must not be held back. */
  private pass(asked: Asked, response: ServerResponse): void {
    const upstream = this.ask(asked, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
      reply.on('error', () => response.destroy());
    });
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
  }

  private forward(asked: Asked): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const upstream = this.ask(asked, (reply) => {
        const parts: Buffer[] = [];
        reply.on('data', (part: Buffer) => parts.push(part));
        reply.on('error', reject);
        reply.on('end', () => {
          const { status, headers } = { status: reply.statusCode ?? 502, headers: flat(reply.headers) };
          delete headers['transfer-encoding'];
          resolve({ status, headers, body: Buffer.concat(parts) });
        });
      });
      upstream.on('error', reject);
    });
  }

  private ask(asked: Asked, then: (reply: IncomingMessage) => void) {
    const { method, path, body } = asked;
    const headers = { ...asked.headers, 'content-length': String(body.length) };
    // No kept connections: one to a server that was killed would fail later.
    const upstream = httpRequest({ host: '127.0.0.1', port: this.port(), method, path, headers, agent: false }, then);
    upstream.end(body);
    return upstream;
  }
}

export const RECORDS = '/api/v1/records';

async function read(request: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const headers = flat(request.headers);
  delete headers['transfer-encoding'];
  return {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers,
    body: Buffer.concat(parts),
    at: Date.now(),
  };
}

function flat(headers: IncomingMessage['headers']): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => name !== 'connection');
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
