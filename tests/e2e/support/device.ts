// A device without an app: it writes records as the protocol says, so that a spec can begin in the middle of a day.

import { createHash, randomBytes } from 'node:crypto';
import type { Role, Server } from './server';

interface Enrolled {
  org: string;
  user: string;
  device: string;
  token: string;
}

export interface Person {
  name: string;
  user?: string;
}

const MINUTE = 60_000;

export class Device {
  private devseq = 0;

  private constructor(
    private readonly server: Server,
    private readonly enrolled: Enrolled,
    readonly name: string,
  ) {}

  static async enrol(server: Server, role: Role, name: string): Promise<Device> {
    const body = JSON.stringify({ code: await server.code(role), name });
    const response = await fetch(`${base(server)}/enrol`, { method: 'POST', body });
    if (!response.ok) throw new Error(`enrolment failed: ${response.status} ${await response.text()}`);
    return new Device(server, (await response.json()) as Enrolled, name);
  }

  get person(): Person {
    return { name: this.name, user: this.enrolled.user };
  }

  /** The people of the organisation, by name. */
  async colleague(name: string): Promise<Person> {
    const response = await fetch(`${base(this.server)}/directory`, { headers: this.headers() });
    const { people } = (await response.json()) as { people: { name: string; user: string }[] };
    const found = people.find((person) => person.name === name);
    if (!found) throw new Error(`nobody is called ${name}`);
    return { name, user: found.user };
  }

  /** Writes one record that happened some minutes ago; gives its id. */
  async write(kind: string, data: object, about: { minutesAgo?: number; exercise?: boolean } = {}): Promise<string> {
    const time = Date.now() - (about.minutesAgo ?? 0) * MINUTE;
    const id = uuid(time);
    const { record, movement } = data as { record?: string; movement?: string };
    const subject = record ? `records/${record}` : `movements/${movement ?? id}`;
    const event = {
      specversion: '1.0',
      id,
      source: `/orgs/${this.enrolled.org}/devices/${this.enrolled.device}`,
      type: `org.waymark.${kind}.v1`,
      time: new Date(time).toISOString(),
      ...(record || movement || kind === 'movement.planned' ? { subject } : {}),
      recorded: new Date(time).toISOString(),
      author: this.enrolled.user,
      devseq: ++this.devseq,
      pack: 'builtin@1',
      digest: createHash('sha256').update(canonical(data)).digest('hex'),
      exercise: about.exercise ?? false,
      datacontenttype: 'application/json',
      data,
    };
    const response = await fetch(`${base(this.server)}/records`, {
      method: 'POST',
      headers: { ...this.headers(), 'content-type': 'application/cloudevents-batch+json' },
      body: JSON.stringify([event]),
    });
    const answer = await response.text();
    if (!answer.includes('"accepted"')) throw new Error(`${kind} was not accepted: ${answer}`);
    return id;
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.enrolled.token}`, 'waymark-clock': String(Date.now()) };
  }
}

/** From Abéché by way of Farchana to Adré: two vehicles, three people. */
export function plan(crew: Person[], change: Record<string, unknown> & { departedMinutesAgo?: number } = {}): object {
  const { departedMinutesAgo = 0, ...rest } = change;
  return {
    plan: {
      name: 'Convoy Mike 2',
      area_level: 'moderate',
      leader: crew[0],
      vehicles: [
        { call_sign: 'Mike 2', people: crew },
        { call_sign: 'Mike 3', people: [{ name: 'Moussa Abakar' }] },
      ],
      headcount: 3,
      depart: new Date(Date.now() - departedMinutesAgo * MINUTE).toISOString(),
      from: { name: 'Abéché', code_name: 'Baker', at: [13.82916, 20.8324] },
      legs: [
        { to: { name: 'Farchana' }, km: 90, minutes: 120 },
        { to: { name: 'Adré', at: [13.46648, 22.19875] }, km: 60, minutes: 80, medical: 'Adré hospital' },
      ],
      means: [
        { pace: 'primary', text: 'HF 5.300 USB, Mike 2' },
        { pace: 'alternate', text: '+8816 2345 6789' },
      ],
      watch: { interval: 60, grace: 10, prompt: 2, step: 5, hold: 30 },
      ...rest,
    },
  };
}

/** A check-in in a movement. */
export function heard(movement: string, change: object = {}): object {
  return { checkin: 'scheduled', people: 'safe', position: { source: 'none' }, movement, ...change };
}

function uuid(time: number): string {
  const hex = time.toString(16).padStart(12, '0') + `7${randomBytes(2).toString('hex').slice(1)}`;
  const rest = `8${randomBytes(8).toString('hex').slice(1)}`;
  const all = hex + rest;
  return [all.slice(0, 8), all.slice(8, 12), all.slice(12, 16), all.slice(16, 20), all.slice(20, 32)].join('-');
}

/** RFC 8785, for what these records hold: text, whole and short decimal numbers, lists and objects. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, own]) => own !== undefined);
    entries.sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${entries.map(([name, own]) => `${JSON.stringify(name)}:${canonical(own)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

const base = (server: Server) => `http://127.0.0.1:${server.port}/api/v1`;
