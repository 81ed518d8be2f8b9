// What the stand-ins share: a server on a free port, the headers that let other sites' pages in, and bodies.

import { createServer } from 'node:http';

/** Serves on a free port; gives the address and a way to end it. */
export async function listen(answer, port = 0) {
  const server = createServer((request, response) => {
    Promise.resolve(answer(request, response)).catch((error) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error?.stack ?? error));
    });
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  const address = `http://127.0.0.1:${server.address().port}`;
  return {
    address,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(done);
      }),
  };
}

/** The headers of an answer that any site's page may read (Fetch standard, CORS). */
export function corsHeaders(request) {
  return {
    'access-control-allow-origin': request.headers.origin ?? '*',
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '60',
  };
}

export async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
}

export function sendJson(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}
