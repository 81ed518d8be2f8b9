// A stand-in for an OpenRosa server: takes submissions and lists forms as the OpenRosa specifications say ("Form Submission
// API", "Form List API", "HTTP Requests and Responses") and as ODK Central does where they leave it open: 409 for another
// content under an instance ID that it has, 400 for what is no XML, 404 for a form that is not published.

import { bodyOf, listen } from './http.mjs';

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text) => text.replace(/[&<>]/g, (letter) => ESCAPES[letter]);
const envelope = (message) =>
  `<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message>${escaped(message)}</message></OpenRosaResponse>`;

/** The part of this name in a multipart body (RFC 7578); undefined if there is none. */
function part(type, body, wanted) {
  const boundary = /boundary="?([^";]+)"?/.exec(type ?? '')?.[1];
  if (!boundary) return undefined;
  for (const piece of body.split(`--${boundary}`)) {
    const [head, ...rest] = piece.split('\r\n\r\n');
    if (new RegExp(`name="${wanted}"`).test(head)) return rest.join('\r\n\r\n').replace(/\r\n$/, '');
  }
  return undefined;
}

/** Starts one with these forms published: `[{ id, version }]`; all of ours by default. */
export async function startOpenRosa({ user = 'waymark', password = 'secret', forms = null, port = 0 } = {}) {
  const held = new Map();
  const published = (id) => !forms || forms.some((form) => form.id === id);
  const server = await listen(async (request, response) => {
    const say = (status, message, type = 'text/xml; charset=utf-8') =>
      response
        .writeHead(status, { 'content-type': type, 'x-openrosa-version': '1.0', 'x-openrosa-accept-content-length': '10000000' })
        .end(message);
    const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    if (request.headers.authorization !== expected) return say(401, envelope('sign in'));
    if (request.headers['x-openrosa-version'] !== '1.0') return say(400, envelope('no X-OpenRosa-Version'));
    if (request.method === 'GET' && request.url === '/formList') {
      const listed = (forms ?? []).map((form) => `<xform><formID>${form.id}</formID><version>${form.version}</version></xform>`);
      return say(200, `<xforms xmlns="http://openrosa.org/xforms/xformsList">${listed.join('')}</xforms>`);
    }
    if (request.method !== 'POST' || request.url !== '/submission') return say(404, 'not found', 'text/plain');
    const xml = part(request.headers['content-type'], (await bodyOf(request)).toString(), 'xml_submission_file');
    const id = /<(?:\w+:)?instanceID>(uuid:[^<]+)</.exec(xml ?? '')?.[1];
    const form = /^(?:<\?xml[^>]*\?>)?\s*<\w+[^>]*\sid="([^"]+)"/.exec(xml ?? '')?.[1];
    if (!id || !form) return say(400, envelope('no instance'));
    if (!published(form)) return say(404, envelope(`the form ${form} is not published`));
    if (held.has(id) && held.get(id) !== xml) return say(409, envelope('another submission has this instance ID'));
    held.set(id, xml);
    return say(201, envelope('full submission upload was successful!'));
  }, port);
  return {
    ...server,
    user,
    password,
    list: () => [...held.values()],
    wipe: () => held.clear(),
  };
}
