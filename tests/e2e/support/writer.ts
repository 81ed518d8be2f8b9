// A device without a screen: writes records straight to the server, at whatever time a test needs.

import { createHash, randomBytes } from 'node:crypto';
import type { Role, Server } from './server';

interface Enrolled {
  device: string;
  token: string;
  org: string;
  user: string;
  name: string;
}

/** A place by its name, and where that is: latitude, longitude. */
export type Place = string | { name: string; at: [number, number] };

export interface Leg {
  to: Place;
  km: number;
  minutes: number;
}

export interface PlanWords {
  name: string;
  /** Minutes from now; negative is in the past. */
  depart: number;
  from?: Place;
  legs?: Leg[];
  /** Added to the plan as it is. */
  more?: Record<string, unknown>;
}

const MINUTE = 60_000;

export class Writer {
  private devseq = 0;

  private constructor(
    readonly server: Server,
    readonly who: Enrolled,
  ) {}

  static async enrol(server: Server, role: Role, name: string): Promise<Writer> {
    const body = JSON.stringify({ code: await server.code(role), name });
    const response = await fetch(`${base(server)}/enrol`, { method: 'POST', body });
    if (!response.ok) throw new Error(`enrolment failed: ${response.status} ${await response.text()}`);
    return new Writer(server, (await response.json()) as Enrolled);
  }

  /** Somebody of the organisation, as a plan names them. */
  async colleague(name: string): Promise<{ name: string; user: string }> {
    const headers = { authorization: `Bearer ${this.who.token}` };
    const response = await fetch(`${base(this.server)}/directory`, { headers });
    const { people } = (await response.json()) as { people: { name: string; user: string }[] };
    const found = people.find((person) => person.name === name);
    if (!found) throw new Error(`nobody in the directory is called ${name}`);
    return { name, user: found.user };
  }

  /** Plans a movement of two vehicles that this device's person leads; gives its id. */
  plan({ name, depart, from = 'Mongo', legs = LEGS, more = {} }: PlanWords, exercise = false): Promise<string> {
    const leader = { name: this.who.name, user: this.who.user };
    const plan = {
      name,
      area_level: 'moderate',
      leader,
      vehicles: [
        { call_sign: 'Mike 2', plate: 'TD 4711', people: [leader, { name: 'Hawa' }] },
        { call_sign: 'Mike 3', people: [{ name: 'Moussa' }] },
      ],
      headcount: 3,
      depart: at(depart),
      from: spot(from),
      legs: legs.map(({ to, ...leg }) => ({ to: spot(to), ...leg })),
      means: [
        { pace: 'primary', text: 'HF 5.300 USB, “Mike 2”' },
        { pace: 'alternate', text: 'Satellite phone +8816 234 56789' },
      ],
      watch: { interval: 60, grace: 10, prompt: 2, step: 5, hold: 30 },
      ...more,
    };
    return this.write('movement.planned', { plan }, { exercise, ago: Math.max(0, -depart) + 60 });
  }

  /** A check-in of everyone in the movement, so many minutes ago. */
  checkIn(movement: string, ago: number, more: Record<string, unknown> = {}): Promise<string> {
    const data = { checkin: 'scheduled', people: 'safe', position: { source: 'none' }, movement, ...more };
    return this.write('checkin.made', data, { ago, subject: `movements/${movement}` });
  }

  /** A form of this kind, as it stands in the chain; sensitive ones say so on their envelope. */
  report(kind: string, data: Record<string, unknown>, ago = 0, exercise = false): Promise<string> {
    const record = data['record'];
    return this.write(kind, data, { ago, exercise, subject: typeof record === 'string' ? `records/${record}` : null });
  }

  async write(
    kind: string,
    data: Record<string, unknown>,
    { ago = 0, subject, exercise = false }: { ago?: number; subject?: string | null; exercise?: boolean } = {},
  ): Promise<string> {
    const id = uuid7(Date.now() - ago * MINUTE);
    const record = {
      specversion: '1.0',
      id,
      source: `/orgs/${this.who.org}/devices/${this.who.device}`,
      type: `org.waymark.${kind}.v1`,
      time: at(-ago),
      recorded: at(-ago),
      ...(subject === null ? {} : { subject: subject ?? `movements/${id}` }),
      ...(data['sensitive'] ? { protected: true } : {}),
      author: this.who.user,
      devseq: ++this.devseq,
      pack: 'builtin@1',
      digest: createHash('sha256').update(canonical(data)).digest('hex'),
      ...(exercise ? { exercise } : {}),
      ...(data['sensitive'] ? { protected: true } : {}),
      clockoffset: 0,
      datacontenttype: 'application/json',
      data,
    };
    const response = await fetch(`${base(this.server)}/records`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.who.token}`,
        'content-type': 'application/cloudevents-batch+json',
        'waymark-clock': String(Date.now()),
      },
      body: JSON.stringify([record]),
    });
    const text = await response.text();
    if (response.status === 429) {
      await new Promise((done) => setTimeout(done, 1_000));
      this.devseq--;
      return this.write(kind, data, { ago, exercise, ...(subject === undefined ? {} : { subject }) });
    }
    if (!response.ok || !text.includes('"accepted"')) throw new Error(`not taken: ${response.status} ${text}`);
    return id;
  }
}

const LEGS: Leg[] = [
  { to: 'Mangalmé', km: 62, minutes: 98 },
  { to: 'Oum Hadjer', km: 75, minutes: 130 },
  { to: 'Abéché', km: 148, minutes: 160 },
];

const spot = (place: Place) => (typeof place === 'string' ? { name: place } : place);

const base = (server: Server) => `http://127.0.0.1:${server.port}/api/v1`;

/** So many minutes from now. */
export const at = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toISOString();

/** RFC 8785, as far as these records go. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

function uuid7(ms: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(ms, 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
