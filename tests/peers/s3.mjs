// A bucket of S3 that pages of other sites may write to, set up as docs/BACKENDS.md says: see s3.py.

import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startPython } from './python.mjs';

const CORS =
  '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedMethod>HEAD</AllowedMethod>' +
  '<AllowedMethod>PUT</AllowedMethod><AllowedHeader>*</AllowedHeader><ExposeHeader>x-amz-checksum-sha256</ExposeHeader>' +
  '<MaxAgeSeconds>3600</MaxAgeSeconds></CORSRule></CORSConfiguration>';
// moto asks only that something is signed.
const ANYBODY = { authorization: 'AWS4-HMAC-SHA256 Credential=anybody/20260101/us-east-1/s3/aws4_request' };

/** Starts one with the bucket `waymark`; `list` gives `[name, content]` of each object, `put` writes one past all checks. */
export async function startS3({ user = 'key', password = 'secret' } = {}) {
  const script = fileURLToPath(new URL('s3.py', import.meta.url));
  const { child, ended, close } = startPython([script, user, password], 'pipe');
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  const { address, inside } = JSON.parse(line);
  const ask = async (method, path, body) => {
    const answer = await fetch(`${inside}/${path}`, { method, body, headers: ANYBODY });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.text();
  };
  await ask('PUT', 'waymark');
  await ask('PUT', 'waymark?cors', CORS);
  const names = async () => [...(await ask('GET', 'waymark?list-type=2')).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, name]) => name);
  return {
    address,
    user,
    password,
    close,
    list: async () => Promise.all((await names()).map(async (name) => [name, await ask('GET', `waymark/${name}`)])),
    put: (name, content) => ask('PUT', `waymark/${name}`, content),
    wipe: async () => {
      for (const name of await names()) await ask('DELETE', `waymark/${name}`);
    },
  };
}
