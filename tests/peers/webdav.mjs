// WsgiDAV, a real WebDAV server, with its own CORS switched on as docs/BACKENDS.md says.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answering, freePort, startPython } from './python.mjs';

const config = (root, port, user, password, cors) => ({
  host: '127.0.0.1',
  port,
  provider_mapping: { '/': root },
  http_authenticator: { domain_controller: null, accept_basic: true, accept_digest: false, default_to_digest: false },
  simple_dc: { user_mapping: { '*': { [user]: { password } } } },
  ...(cors
    ? {
        cors: {
          allow_origin: '*',
          allow_methods: 'GET,PUT,MKCOL,PROPFIND',
          allow_headers: 'authorization,content-type,depth,if-none-match',
          expose_headers: 'www-authenticate',
        },
      }
    : {}),
});

/**
 * Starts one; `address` is that of a folder which is not there yet, `list` gives `[name, content]` of each file in it. After
 * `kill`, `restart` serves the same folder at the same address.
 */
export async function startWebDav({ cors = true, user = 'waymark', password = 'secret' } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-dav-'));
  const root = join(folder, 'root');
  const records = join(root, 'waymark');
  await mkdir(root);
  const port = await freePort();
  // YAML of this version is a superset of JSON.
  await writeFile(join(folder, 'wsgidav.yaml'), JSON.stringify(config(root, port, user, password, cors)));
  let server;
  const start = async () => {
    server = startPython(['-m', 'wsgidav.server.server_cli', '--config', join(folder, 'wsgidav.yaml')]);
    await answering(`http://127.0.0.1:${port}/`, server.ended);
  };
  await start();
  return {
    address: `http://127.0.0.1:${port}/waymark`,
    user,
    password,
    async list() {
      const names = await readdir(records).catch(() => []);
      return Promise.all(names.map(async (name) => [name, await readFile(join(records, name), 'utf8')]));
    },
    put: (name, content) => writeFile(join(records, name), content),
    kill: () => server.kill(),
    restart: start,
    wipe: () => rm(records, { recursive: true, force: true }),
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
