// Answers that are none, and servers in trouble.

import { Readable } from 'node:stream';
import type { Asked, Fault, Reply } from './proxy';

interface Receipt {
  source: string;
  id: string;
  digest: string;
  outcome: string;
  seq?: number;
  code?: string;
  detail?: string;
}

interface Sent {
  id: string;
  source: string;
  digest: string;
}

export function recordsIn(asked: Asked): Sent[] {
  return JSON.parse(asked.body.toString()) as Sent[];
}

function reply(status: number, type: string, text: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': type, ...headers }, body: Buffer.from(text) };
}

/** A network's sign-in page in place of whatever was asked for. */
export const captivePortal: Fault = async () =>
  reply(200, 'text/html', '<!doctype html><title>Hotel WiFi</title><h1>Welcome! Sign in to go on.</h1>');

export const noContent: Fault = async () => ({ status: 204, headers: {}, body: Buffer.alloc(0) });

/** The server has the records; its answer ends in the middle. */
export const truncated: Fault = async (_asked, forward) => {
  const whole = await forward();
  return { ...whole, body: whole.body.subarray(0, whole.body.length / 2) };
};

/** The server's receipts, changed on the way. */
function receipts(change: (receipts: Receipt[]) => Receipt[]): Fault {
  return async (_asked, forward) => {
    const whole = await forward();
    const said = JSON.parse(whole.body.toString()) as { receipts: Receipt[] };
    said.receipts = change(said.receipts);
    return { ...whole, body: Buffer.from(JSON.stringify(said)) };
  };
}

const otherDigit = (text: string) => text.replace(/^./, (first) => (first === '0' ? '1' : '0'));

export const otherIds = receipts((all) => all.map((one) => ({ ...one, id: otherDigit(one.id) })));
export const wrongDigests = receipts((all) => all.map((one) => ({ ...one, digest: otherDigit(one.digest) })));
export const withoutReceiptFor = (id: string) => receipts((all) => all.filter((one) => one.id !== id));

export function problem(status: number, code: string, detail: string, headers: Record<string, string> = {}): Fault {
  const body = JSON.stringify({ type: 'about:blank', title: code, status, code, detail });
  return async () => reply(status, 'application/problem+json', body, headers);
}

/** Something before the server that has its own idea of how large a request may be. */
export function atMost(records: number): Fault {
  return async (asked, forward) =>
    recordsIn(asked).length > records ? reply(413, 'text/html', '<h1>Request Entity Too Large</h1>') : forward();
}

/** The server's word against one record; it gets the others. */
export function rejecting(id: string, detail: string): Fault {
  return async (asked, forward) => {
    const sent = recordsIn(asked);
    const others = sent.filter((record) => record.id !== id);
    const whole = await forward({ ...asked, body: Buffer.from(JSON.stringify(others)) });
    const said = JSON.parse(whole.body.toString()) as { receipts: Receipt[] };
    said.receipts = sent.map(({ source, id: own, digest }) => {
      const rejected: Receipt = { source, id: own, digest, outcome: 'rejected', code: 'not_allowed', detail };
      return said.receipts?.find((receipt) => receipt.id === own) ?? rejected;
    });
    return { ...whole, body: Buffer.from(JSON.stringify(said)) };
  };
}

export const cutBefore: Fault = async () => 'cut';

export const cutAfter: Fault = async (_asked, forward) => {
  await forward();
  return 'cut';
};

/** Meets the first `times` requests with `fault`; lets the others through. */
export function first(times: number, fault: Fault): Fault {
  let left = times;
  return (asked, forward) => (left-- > 0 ? fault(asked, forward) : forward());
}

/** JSON without an end, or as long as `length` says it is; `sent` counts what the network took of it. */
export function flood(length?: number): { fault: Fault; sent: () => number } {
  let sent = 0;
  const part = Buffer.alloc(64 << 10, '[');
  function* parts() {
    for (let left = length ?? Infinity; left > 0; left -= part.length) {
      sent += part.length;
      yield part.subarray(0, Math.min(left, part.length));
    }
  }
  const said = length === undefined ? {} : { 'content-length': String(length) };
  const fault: Fault = async () => ({ ...reply(200, 'application/json', '', said), flow: Readable.from(parts()) });
  return { fault, sent: () => sent };
}

/** The connection breaks in the middle of the answer. */
export const cutWithin: Fault = async (_asked, forward) => {
  const whole = await forward();
  function* half() {
    yield whole.body.subarray(0, whole.body.length / 2);
    throw new Error('cut');
  }
  const headers = { ...whole.headers, 'content-length': String(whole.body.length) };
  return { ...whole, headers, flow: Readable.from(half()) };
};
