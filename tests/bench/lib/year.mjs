// A year of records, as core's example `chain` makes them, written to the server by one device for each role.

import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { writer } from './convoys.mjs';
import { needed } from './environment.mjs';

const BATCH = 500;
/** By the number that stands for whoever wrote it: see the example. */
const ROLES = ['traveller', 'traveller', 'traveller', 'traveller', 'manager', 'security', 'central'];
const MINUTE = 60_000;

/** `{id, kind, at, who, depth, data}`, those that others rest on first. */
async function made(size, now) {
  const child = spawn(needed('WAYMARK_MIX'), ['mix', String(size), String(now)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const rows = [];
  for await (const line of createInterface({ input: child.stdout })) rows.push(JSON.parse(line));
  return rows;
}

/** Gives the rows, a code for one more of central, and a function that writes as the manager. */
export async function writeYear(server, data, size) {
  const now = Date.now();
  const rows = await made(size, now);
  const writers = {};
  for (const role of new Set(ROLES)) writers[role] = await writer(server, server.codes[role], `Of ${role}`);
  for (const chunk of chunks(rows)) {
    for (const [role, write] of Object.entries(writers)) {
      const own = chunk.filter(({ who }) => ROLES[who] === role);
      const records = own.map(({ id, kind, at, data }) => [kind, data, (Date.now() - at) / MINUTE, { id, at }]);
      if (records.length > 0) await write(records);
    }
  }
  return { rows, code: await oneMore(data), write: writers.manager };
}

/** Of records of one depth only. */
function* chunks(rows) {
  let from = 0;
  while (from < rows.length) {
    let to = from;
    while (to < rows.length && to - from < BATCH && rows[to].depth === rows[from].depth) to += 1;
    yield rows.slice(from, to);
    from = to;
  }
}

async function oneMore(data) {
  const { stdout } = await promisify(execFile)(needed('WAYMARK_SERVER'), ['code', '--role', 'central', '--data', data]);
  const [, code] = /^enrolment code, \w+: (\S+)$/m.exec(stdout) ?? [];
  if (!code) throw new Error(`no code in: ${stdout}`);
  return code;
}
