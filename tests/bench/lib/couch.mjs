// A PouchDB server as its defaults are: express-pouchdb on LevelDB. Run as a process of its own; prints its address.
// The page it serves is where the peer's browser side runs, so that neither CORS nor a foreign policy slows it down. Pages of
// other sites are let in, too, whatever they sign in with: the app's.

import { createRequire } from 'node:module';
import express from 'express';
import expressPouchDB from 'express-pouchdb';
import PouchDB from 'pouchdb';
import { corsHeaders } from '../../peers/http.mjs';

const { resolve } = createRequire(import.meta.url);
const folder = process.argv[2];
if (!folder) throw new Error('say in which folder');

const app = express();
app.get('/page', (_, reply) => reply.type('html').send('<!doctype html><script src="/pouchdb.js"></script>'));
app.get('/pouchdb.js', (_, reply) => reply.sendFile(resolve('pouchdb/dist/pouchdb.min.js')));
app.use((request, reply, next) => {
  reply.set(corsHeaders(request));
  delete request.headers.authorization;
  if (request.method === 'OPTIONS') reply.status(204).end();
  else next();
});
const files = { configPath: `${folder}/config.json`, logPath: `${folder}/log.txt` };
app.use('/', expressPouchDB(PouchDB.defaults({ prefix: `${folder}/` }), files));
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
