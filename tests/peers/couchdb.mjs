// A real PouchDB Server: express-pouchdb over databases in memory, with a password and open to pages of other sites.

import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import expressPouchdb from 'express-pouchdb';
import PouchDB from 'pouchdb-core';
import memory from 'pouchdb-adapter-memory';
import find from 'pouchdb-find';
import mapreduce from 'pouchdb-mapreduce';
import replication from 'pouchdb-replication';
import { corsHeaders } from './http.mjs';

PouchDB.plugin(memory).plugin(mapreduce).plugin(replication).plugin(find);

/**
 * Starts one with the database `waymark`. `cors: false` leaves out what lets other sites in.
 * Gives `{ address, user, password, wipe, close }`: `address` is that of the database, `wipe` makes it anew, empty.
 */
export async function startCouch({ cors = true, user = 'waymark', password = 'secret', port = 0 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-couch-'));
  const Database = PouchDB.defaults({ adapter: 'memory', prefix: `${folder}/` });
  const app = express();
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    if (cors) response.set(corsHeaders(request));
    if (request.method === 'OPTIONS') return response.status(204).end();
    const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    if (request.headers.authorization === expected) return next();
    response.status(401).json({ error: 'unauthorized', reason: 'Name or password is incorrect.' });
  });
  // The peer's own sign-in is not used: its list of users would be one more thing to set up.
  app.use((request, _response, next) => {
    delete request.headers.authorization;
    next();
  });
  app.use(expressPouchdb(Database, { inMemoryConfig: true, logPath: join(folder, 'log.txt'), mode: 'minimumForPouchDB' }));
  const server = createServer(app);
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  const address = `http://127.0.0.1:${server.address().port}/waymark`;
  const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  const create = async () => {
    const made = await fetch(address, { method: 'PUT', headers });
    if (!made.ok) throw new Error(`the database was not made: ${made.status} ${await made.text()}`);
  };
  await create();
  return {
    address,
    user,
    password,
    async wipe() {
      await fetch(address, { method: 'DELETE', headers });
      await create();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
