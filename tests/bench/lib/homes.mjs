// Where a phone's records can go: each backend that there is a peer for (tests/peers), the way to join it, and what arrived.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startOpenRosa } from '../../peers/openrosa.mjs';
import { startPostgrest } from '../../peers/postgrest.mjs';
import { startS3 } from '../../peers/s3.mjs';
import { startWebDav } from '../../peers/webdav.mjs';
import { startWebhook } from '../../peers/webhook.mjs';
import { begin, join } from './phone.mjs';
import { end, relayTo } from './waymark.mjs';

/** express-pouchdb on LevelDB in a process of its own; the app and PouchDB itself both send there. */
export async function startCouch(folder) {
  await mkdir(folder, { recursive: true });
  const script = fileURLToPath(new URL('couch.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { origin: String(line).trim(), stop: () => end(child) };
}

const signIn = ({ address, user, password }) => ({ address, user, secret: password });
const distinct = (ids) => new Set(ids).size;
/** Files but for the one that names the life of the folder. */
const files = async (peer) => (await peer.list()).filter(([name]) => !name.endsWith('waymark-life.json')).length;

async function own(page, app, place, close, held) {
  await begin(page, app.origin, place);
  return { held, close };
}

async function file(page, app, peer, place) {
  return own(page, app, { ...signIn(peer), ...place }, peer.close, () => files(peer));
}

/**
 * By name: `{ told, each, to }`. `each` is true where every record is a request of its own, so that fewer are sent; `to(page, app,
 * couch, name)` makes a backend with nothing in it the page's home.
 */
export const HOMES = {
  server: {
    told: 'our server',
    async to(page, app) {
      await join(page, app);
      return { close: async () => {} };
    },
  },
  couchdb: {
    told: 'CouchDB: express-pouchdb on LevelDB',
    async to(page, app, couch, name) {
      const address = `${couch.origin}/app-${name}`;
      const made = await fetch(address, { method: 'PUT' });
      if (!made.ok) throw new Error(`no database was made: ${made.status}`);
      const held = async () => {
        const { rows } = await (await fetch(`${address}/_all_docs`)).json();
        return rows.filter(({ id }) => id !== 'waymark-life' && !id.startsWith('_')).length;
      };
      return own(page, app, { kind: 'couchdb', address, user: 'phone', secret: 'phone' }, async () => {}, held);
    },
  },
  postgrest: {
    told: 'PostgREST: stand-in before PostgreSQL',
    async to(page, app) {
      const peer = await startPostgrest({ durable: true });
      const secret = peer.token({ org: 'acme', user: 'idriss', device: 'phone-idriss', role: 'traveller', areas: [] });
      const held = async () => Number((await peer.query('select count(*) from waymark_records')).rows[0].count);
      return own(page, app, { kind: 'postgrest', address: peer.address, secret }, peer.close, held);
    },
  },
  webhook: {
    told: 'webhook: receiver that checks signatures, in memory',
    async to(page, app) {
      const peer = await startWebhook();
      const place = { kind: 'webhook', address: `${peer.address}/`, secret: peer.password };
      return own(page, app, place, peer.close, async () => distinct(peer.list().map(({ id }) => id)));
    },
  },
  webdav: {
    told: 'WebDAV: WsgiDAV',
    each: true,
    async to(page, app) {
      return file(page, app, await startWebDav(), { kind: 'webdav' });
    },
  },
  s3: {
    told: 'S3: moto behind botocore, in memory',
    each: true,
    async to(page, app) {
      return file(page, app, await startS3(), { kind: 's3', bucket: 'waymark' });
    },
  },
  openrosa: {
    told: 'OpenRosa by relay: our server, then a stand-in',
    each: true,
    async to(page, app) {
      const peer = await startOpenRosa();
      await relayTo(app, { kind: 'openrosa', address: peer.address, user: peer.user, password: peer.password });
      await join(page, app);
      return { close: peer.close, held: async () => peer.list().length, follows: true };
    },
  },
};
