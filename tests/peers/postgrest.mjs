// A stand-in for PostgREST, over a real PostgreSQL with the tables that we ship. It is not PostgREST: it knows the requests
// that the adapter makes, turns them into the statements that PostgREST 12 and later make of them, as the role and with the claims
// of the token, and gives errors their statuses and shapes as its documentation has them ("Errors", "Tables and Views",
// "Preferences", "Transactions"). Anything else it is asked is an error.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { bodyOf, corsHeaders, listen, sendJson } from './http.mjs';
import { startPostgres } from './postgres.mjs';

const SQL = new URL('../../deploy/postgrest/waymark.sql', import.meta.url);
const NAME = /^[a-z_][a-z0-9_]*$/;

/** A token as the comments of waymark.sql say to make one. */
export function token(secret, waymark, role = 'waymark_user', exp = Math.floor(Date.now() / 1000) + 86_400) {
  const part = (json) => Buffer.from(JSON.stringify(json)).toString('base64url');
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ role, exp, waymark })}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

function claimsOf(request, secret) {
  const authorization = request.headers.authorization ?? '';
  if (!authorization.startsWith('Bearer ')) return null;
  const [head, body, signature] = authorization.slice(7).split('.');
  const right = createHmac('sha256', secret).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature ?? '', 'base64url');
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new Refusal(401, 'PGRST301', 'No suitable key or wrong key type');
  }
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  if (claims.exp && claims.exp * 1000 < Date.now()) throw new Refusal(401, 'PGRST303', 'JWT expired');
  return claims;
}

function name(text) {
  if (!NAME.test(text)) throw new Refusal(400, 'PGRST100', `failed to parse (${text})`);
  return `"${text}"`;
}

/** `GET /table?select=a,b&x=gt.5&y=in.(1,2)&order=a.asc&limit=3` as a statement. */
function reading(table, query) {
  const values = [];
  const where = [];
  let [columns, order, limit] = ['*', '', ''];
  for (const [key, value] of query) {
    if (key === 'select') columns = value.split(',').map(name).join(', ');
    else if (key === 'order') {
      const [column, direction = 'asc'] = value.split('.');
      if (!['asc', 'desc'].includes(direction)) throw new Refusal(400, 'PGRST100', `failed to parse order (${value})`);
      order = ` order by ${name(column)} ${direction}`;
    } else if (key === 'limit') limit = ` limit ${Number.parseInt(value, 10)}`;
    else if (/^(gt|eq)\./.test(value)) {
      values.push(value.slice(3));
      where.push(`${name(key)} ${value.startsWith('gt') ? '>' : '='} $${values.length}`);
    } else if (/^in\.\(.*\)$/.test(value)) {
      const listed = value.slice(4, -1).split(',').filter(Boolean);
      where.push(`${name(key)} in (${listed.map((one) => `$${values.push(one)}`).join(', ') || 'null'})`);
    } else throw new Refusal(400, 'PGRST100', `failed to parse filter (${value})`);
  }
  const text = `select ${columns} from public.${name(table)}${where.length ? ` where ${where.join(' and ')}` : ''}${order}${limit}`;
  return { text: `select coalesce(json_agg(given), '[]')::text as body from (${text}) as given`, values };
}

/** `POST /table?on_conflict=id` of an array of objects, with the columns of its first. */
function writing(table, query, rows, prefer) {
  const columns = Object.keys(rows[0] ?? {}).map(name);
  const ignores = prefer.includes('resolution=ignore-duplicates');
  const conflict = ignores && query.get('on_conflict') ? ` on conflict (${name(query.get('on_conflict'))}) do nothing` : '';
  return {
    text:
      `insert into public.${name(table)} (${columns.join(', ')}) select ${columns.join(', ')} ` +
      `from json_populate_recordset(null::public.${name(table)}, $1::json)${conflict}`,
    values: [JSON.stringify(rows)],
  };
}

/** The statuses of PostgreSQL's errors, the longest beginning first (PostgREST 14, "Errors", "HTTP Status Codes"). */
const STATUSES = Object.entries({
  '08': 503, '09': 500, '0L': 403, '0P': 403, 23503: 409, 23505: 409, 25006: 405, 25: 500, 28: 403, '2D': 500, 38: 500,
  39: 500, '3B': 500, 40: 500, 53400: 500, 53: 503, 54: 500, 55: 500, 57: 500, 58: 500, F0: 500, HV: 500, P0001: 400,
  P0: 500, XX: 500, 42883: 404, '42P01': 404, '42P17': 500,
}).sort(([one], [other]) => other.length - one.length);

function statusOf(code, anonymous) {
  if (code === '42501') return anonymous ? 401 : 403;
  return STATUSES.find(([beginning]) => code.startsWith(beginning))?.[1] ?? 400;
}

async function answer(pool, secret, request) {
  const url = new URL(request.url, 'http://peer');
  const table = url.pathname.slice(1);
  const claims = claimsOf(request, secret);
  let statement = null;
  if (request.method === 'GET') statement = reading(table, url.searchParams);
  else if (request.method === 'POST') {
    let rows;
    try {
      rows = JSON.parse((await bodyOf(request)).toString());
    } catch {
      throw new Refusal(400, 'PGRST102', 'Empty or invalid json');
    }
    statement = rows.length === 0 ? null : writing(table, url.searchParams, rows, request.headers.prefer ?? '');
  } else throw new Refusal(405, 'PGRST117', 'Unsupported HTTP method');
  if (!statement) return { status: 201, body: '' };
  const client = await pool.connect().catch(() => {
    throw new Refusal(503, 'PGRST000', 'Could not connect with the database');
  });
  let broken = false;
  try {
    await client.query('begin');
    await client.query(`set local role ${name(claims?.role ?? 'waymark_anonymous')}`);
    await client.query("select set_config('request.jwt.claims', $1, true)", [JSON.stringify(claims ?? {})]);
    const { rows } = await client.query(statement);
    await client.query('commit');
    return request.method === 'GET' ? { status: 200, body: rows[0].body } : { status: 201, body: '' };
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    if (broken) throw new Refusal(503, 'PGRST001', 'Lost connection to the database');
    if (error.code === '42P01') throw new Refusal(404, 'PGRST205', `Could not find the table 'public.${table}' in the schema cache`);
    throw Object.assign(error, { status: statusOf(error.code ?? '', !claims) });
  } finally {
    client.release(broken);
  }
}

/**
 * Starts PostgreSQL, our tables and the stand-in. Gives `{ address, secret, token(waymark), query(sql), wipe, close }`:
 * `token` makes the token of a person, `query` asks as the owner, `wipe` makes all tables anew.
 */
export async function startPostgrest({
  cors = true,
  secret = 'a secret of at least thirty-two characters',
  port = 0,
  durable = false,
} = {}) {
  const postgres = await startPostgres({ durable });
  const owner = new pg.Pool({ connectionString: postgres.url, max: 2 });
  const pool = new pg.Pool({ connectionString: postgres.url.replace('owner@', 'authenticator@'), max: 10 });
  // Connections that end with the database are nobody's fault.
  for (const one of [owner, pool]) one.on('connect', (client) => client.on('error', () => {})).on('error', () => {});
  const sql = readFileSync(SQL, 'utf8');
  await owner.query(sql);
  await owner.query('create role waymark_anonymous nologin');
  await owner.query('create role authenticator noinherit login');
  await owner.query('grant waymark_user, waymark_anonymous to authenticator');
  const server = await listen(async (request, response) => {
    const headers = cors ? corsHeaders(request) : {};
    if (request.method === 'OPTIONS') return response.writeHead(cors ? 200 : 404, headers).end();
    try {
      const { status, body } = await answer(pool, secret, request);
      if (body) headers['content-type'] = 'application/json; charset=utf-8';
      response.writeHead(status, headers).end(body);
    } catch (error) {
      if (!error.status) throw error;
      const { status, code, message, detail = null, hint = null } = error;
      sendJson(response, status, { code, message, details: detail, hint }, headers);
    }
  }, port);
  return {
    address: server.address,
    secret,
    token: (waymark) => token(secret, waymark),
    kill: postgres.kill,
    restart: postgres.restart,
    query: (text, values) => owner.query(text, values),
    async wipe() {
      await owner.query('drop table public.waymark_records, public.waymark_life cascade');
      await owner.query('drop schema waymark_private cascade');
      await owner.query(sql);
    },
    async close() {
      await server.close();
      await Promise.all([pool.end(), owner.end()]);
      await postgres.close();
    },
  };
}
