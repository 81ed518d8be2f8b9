// `node serve.mjs couchdb|postgrest|openrosa|webhook`: starts a peer, says where it is in one line of JSON, and takes orders
// from its input, one a line: `wipe`; for postgrest also `token {…}` and `sql …`. Ends with its input.

import { createInterface } from 'node:readline';
import { startCouch } from './couchdb.mjs';
import { startOpenRosa } from './openrosa.mjs';
import { startPostgrest } from './postgrest.mjs';

const kinds = { couchdb: startCouch, openrosa: startOpenRosa, postgrest: startPostgrest };
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
    if (order === 'wipe') say(await peer.wipe());
    else if (order === 'token') say({ token: peer.token(JSON.parse(rest)) });
    else if (order === 'sql') say({ rows: (await peer.query(rest)).rows });
    else if (order === 'list') say({ list: peer.list() });
    else say({ error: `no such order: ${order}` });
  } catch (error) {
    say({ error: String(error) });
  }
}
await peer.close();
process.exit(0);
