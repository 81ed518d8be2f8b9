// A receiver of webhooks that stores what it gets; signatures and times are checked by the library of Standard Webhooks.

import { Webhook } from 'standardwebhooks';
import { bodyOf, corsHeaders, listen, sendJson } from './http.mjs';

/** Starts one; `list` gives the events in the order in which they came, those that came twice twice. */
export async function startWebhook({ password = 'whsec_d2F5bWFyay13YXltYXJrLXdheW1hcms=' } = {}) {
  const got = [];
  const hook = new Webhook(password);
  const server = await listen(async (request, response) => {
    const headers = { ...corsHeaders(request), 'access-control-expose-headers': 'date' };
    if (request.method === 'OPTIONS') return response.writeHead(204, headers).end();
    const body = await bodyOf(request);
    try {
      hook.verify(body.toString(), request.headers);
    } catch (error) {
      return response.writeHead(401, { ...headers, 'content-type': 'text/plain' }).end(String(error?.message));
    }
    const said = JSON.parse(body.toString());
    got.push(...(Array.isArray(said) ? said : [said]));
    sendJson(response, 200, { stored: true }, headers);
  });
  return { ...server, user: '', password, list: () => got, wipe: () => got.splice(0) };
}
