// `node serve.mjs KIND [OPTIONS]`: starts a peer, says where it is in one line of JSON, and takes orders from its input, one a
// line: `wipe`; `list` where it is not a database; for postgrest `token {…}` and `sql …`; for files `put NAME CONTENT`; for webdav and
// postgrest `kill`, as a power cut does, and `restart` with what is on the disk. Ends with its input.

import { createInterface } from 'node:readline';
import { startCouch } from './couchdb.mjs';
import { startOpenRosa } from './openrosa.mjs';
import { startPostgrest } from './postgrest.mjs';
import { startS3 } from './s3.mjs';
import { startWebDav } from './webdav.mjs';
import { startWebhook } from './webhook.mjs';

const kinds = {
  couchdb: startCouch,
  openrosa: startOpenRosa,
  postgrest: startPostgrest,
  s3: startS3,
  webdav: startWebDav,
  webhook: startWebhook,
};
const start = kinds[process.argv[2]];
if (!start) {
  console.error(`one of ${Object.keys(kinds).join(', ')}`);
  process.exit(2);
}
const peer = await start(JSON.parse(process.argv[3] ?? '{}'));
const say = (what) => console.log(JSON.stringify(what ?? {}));
say({ address: peer.address, user: peer.user, password: peer.password });

for await (const line of createInterface({ input: process.stdin })) {
  const [order, rest = ''] = line.split(/ (.*)/s);
  try {
    if (['wipe', 'kill', 'restart'].includes(order)) say(await peer[order]());
    else if (order === 'token') say({ token: peer.token(JSON.parse(rest)) });
    else if (order === 'sql') say({ rows: (await peer.query(rest)).rows });
    else if (order === 'list') say({ list: await peer.list() });
    else if (order === 'put') say({ put: await peer.put(...rest.split(/ (.*)/s)) });
    else say({ error: `no such order: ${order}` });
  } catch (error) {
    say({ error: String(error) });
  }
}
await peer.close();
process.exit(0);
