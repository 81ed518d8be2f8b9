// A bad line between the phones and whatever is behind it, at the level of TCP: what no HTTP proxy can do to a connection.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** How a connection ends in the middle of an answer: with a RST, or as if that had been all. */
export type Ending = 'reset' | 'end';

interface Cut {
  /** What the requests begin with: `POST /path `. */
  request: string;
  /** How many bytes of the body still come; `head` if not even the head comes whole. */
  bytes: number | 'head';
  ending: Ending;
}

const wait = (ms: number) => new Promise<void>((done) => (ms > 0 ? setTimeout(done, ms) : done()));
/** Bytes; at 40 kbit/s a tenth of a second. */
const PACKET = 512;
const HEAD_END = '\r\n\r\n';
/** The length of `HTTP/1.1 200`. */
const STATUS = 12;

/** One direction: so many bits a second, shared by all connections, as in the air. */
class Lane {
  bits = Infinity;
  bytes = 0;
  private free = 0;

  /** Resolves when these bytes are through. */
  async pass(bytes: number): Promise<void> {
    this.bytes += bytes;
    if (this.bits === Infinity) return;
    this.free = Math.max(this.free, performance.now()) + (bytes * 8_000) / this.bits;
    await wait(this.free - performance.now());
  }
}

export class Line {
  readonly up = new Lane();
  readonly down = new Lane();
  /** How many answers were cut so far. */
  cuts = 0;
  private cut: Cut | undefined;
  private delay = () => 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly listener: Server) {}

  /** A line to the server at this URL. */
  static async to(url: string): Promise<Line> {
    const { hostname, port } = new URL(url);
    const listener = createServer({ allowHalfOpen: true });
    const line = new Line(listener);
    listener.on('connection', (near) => {
      line.join(near, connect({ port: Number(port), host: hostname, allowHalfOpen: true }));
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** Each packet comes so many milliseconds later, and up to `jitter` more; in both directions. */
  latency(ms: number, jitter = 0): void {
    this.delay = () => ms + Math.random() * jitter;
  }

  /** No more than this, in each direction. */
  bandwidth(bitsASecond: number): void {
    this.up.bits = this.down.bits = bitsASecond;
  }

  /** From now on, answers to these requests end early. */
  cutAnswers(cut: Cut): void {
    this.cut = cut;
  }

  heal(): void {
    this.cut = undefined;
    this.latency(0);
    this.bandwidth(Infinity);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.listener.close();
    await once(this.listener, 'close');
  }

  private join(near: Socket, far: Socket): void {
    let answer: Answer | undefined;
    this.carry(near, far, this.up, (packet) => {
      if (this.cut && packet.toString('latin1', 0, 200).startsWith(this.cut.request)) {
        answer = new Answer(this.cut);
      }
      return packet;
    });
    this.carry(far, near, this.down, (packet) => answer?.through(packet) ?? packet, () => {
      if (!answer?.isOver) return false;
      this.cuts++;
      far.destroy();
      if (answer.cut.ending === 'reset') near.resetAndDestroy();
      else near.destroySoon();
      return true;
    });
  }

  /** Carries what comes from one to the other, in order; no further once `over` says so. */
  private carry(
    from: Socket,
    to: Socket,
    lane: Lane,
    look: (packet: Buffer) => Buffer,
    over: () => boolean = () => false,
  ): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    let last = Promise.resolve();
    let isOver = false;
    const later = (work: () => Promise<void> | void) => {
      const due = performance.now() + this.delay();
      last = last.then(async () => {
        await wait(due - performance.now());
        if (!isOver) await work();
      });
    };
    from.on('data', (data) => {
      const packet = look(data);
      for (let at = 0; at < packet.length; at += PACKET) {
        const part = packet.subarray(at, at + PACKET);
        later(async () => {
          await lane.pass(part.length);
          if (to.writable) to.write(part);
        });
      }
      later(() => void (isOver = over()));
    });
    from.on('end', () => later(() => void to.end()));
    // What breaks on one side breaks on the other.
    from.on('error', () => to.resetAndDestroy());
    from.on('close', () => {
      this.sockets.delete(from);
      later(() => to.destroySoon());
    });
  }
}

/** An answer that ends in its body. */
class Answer {
  isOver = false;
  private head = '';
  private left: number;

  constructor(readonly cut: Cut) {
    this.left = cut.bytes === 'head' ? STATUS : cut.bytes;
    if (cut.bytes === 'head') this.head = HEAD_END;
  }

  /** What of a packet still comes through. */
  through(packet: Buffer): Buffer {
    if (this.isOver) return packet.subarray(0, 0);
    let body = 0;
    if (!this.head.includes(HEAD_END)) {
      const before = this.head.length;
      this.head += packet.toString('latin1');
      const end = this.head.indexOf(HEAD_END);
      if (end < 0) return packet;
      body = end + HEAD_END.length - before;
    }
    const through = Math.min(packet.length, body + this.left);
    this.left -= through - body;
    this.isOver = this.left === 0;
    return packet.subarray(0, through);
  }
}
