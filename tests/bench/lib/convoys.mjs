// Movements under way, written straight to the server as one device of the protocol.

import { createHash, randomBytes } from 'node:crypto';

const MINUTE = 60_000;

/**
 * Enrols a device; gives a function that sends records: `[kind, data, minutes ago]`, and answers with their ids. What is
 * known of one already, `{id, at}`, may stand fourth.
 */
export async function writer(server, code, name) {
  const api = `${server.origin}/api/v1`;
  const enrolled = await (await fetch(`${api}/enrol`, { method: 'POST', body: JSON.stringify({ code, name }) })).json();
  let devseq = 0;
  const event = ([kind, data, ago, known]) => {
    const time = known?.at ?? Date.now() - ago * MINUTE;
    const id = known?.id ?? uuid7(time);
    return {
      specversion: '1.0',
      id,
      source: `/orgs/${enrolled.org}/devices/${enrolled.device}`,
      type: `org.waymark.${kind}.v1`,
      time: new Date(time).toISOString(),
      recorded: new Date(time).toISOString(),
      subject: data.movement || data.plan ? `movements/${data.movement ?? id}` : `records/${data.record ?? id}`,
      author: enrolled.user,
      devseq: ++devseq,
      pack: 'builtin@1',
      digest: createHash('sha256').update(canonical(data)).digest('hex'),
      clockoffset: 0,
      datacontenttype: 'application/json',
      ...(data.sensitive && { protected: true }),
      data,
    };
  };
  return async (records) => {
    const events = records.map(event);
    const send = () => fetch(`${api}/records`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${enrolled.token}`,
        'content-type': 'application/cloudevents-batch+json',
        'waymark-clock': String(Date.now()),
      },
      body: JSON.stringify(events),
    });
    let response = await send();
    // More requests at once than a device may make.
    while (response.status === 429) {
      await new Promise((done) => setTimeout(done, 1_000));
      response = await send();
    }
    const { receipts } = await response.json();
    const refused = receipts?.filter(({ outcome }) => outcome !== 'accepted');
    if (refused?.length !== 0) throw new Error(`${response.status} ${JSON.stringify(refused?.slice(0, 3))}`);
    return events.map(({ id }) => id);
  };
}

export function plan(number) {
  return {
    plan: {
      name: `Convoy ${number}`,
      area_level: 'moderate',
      vehicles: [{ call_sign: `Mike ${number}`, people: [{ name: `Driver ${number}` }, { name: `Nurse ${number}` }] }],
      headcount: 2,
      depart: new Date(Date.now() - 200 * MINUTE).toISOString(),
      from: { name: 'Mongo' },
      legs: [
        { to: { name: 'Mangalmé' }, km: 62, minutes: 98 },
        { to: { name: 'Abéché' }, km: 223, minutes: 290 },
      ],
      watch: { interval: 60, grace: 10, prompt: 2, step: 5, hold: 30 },
    },
  };
}

export function heard(movement, km) {
  return { checkin: 'scheduled', people: 'safe', headcount: 2, position: { source: 'odometer', km }, movement };
}

/** RFC 8785, for text, whole numbers, lists and objects. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

function uuid7(ms) {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(ms, 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
