// What Supabase's own client of PostgREST makes of our tables: `node postgrest_client.mjs ADDRESS TOKEN ROWS`. Writes ROWS (an
// array of JSON) as the adapter does, reads as it does, and says in one line of JSON what it got.

import { PostgrestClient } from '@supabase/postgrest-js';

const [address, token, rows] = process.argv.slice(2);
const as = (bearer) => new PostgrestClient(address, { headers: { Authorization: `Bearer ${bearer}` } });
const client = as(token);
const brief = ({ status, error, data }) => ({ status, code: error?.code ?? null, data });

const written = JSON.parse(rows);
const upserted = await client.from('waymark_records').upsert(written, { onConflict: 'id', ignoreDuplicates: true });
const ids = written.map((row) => row.id);
const feed = client.from('waymark_feed').select('seq,received,author_name,sent,event,life');
console.log(
  JSON.stringify({
    upserted: brief(upserted),
    receipts: brief(await client.from('waymark_receipts').select('id,digest,life').in('id', ids)),
    feed: brief(await feed.gt('seq', 0).order('seq', { ascending: true }).limit(3)),
    life: brief(await client.from('waymark_life').select('life').limit(1)),
    missing: brief(await client.from('waymark_nothing').select('id')),
    stranger: brief(await as(`${token}x`).from('waymark_feed').select('seq')),
  }),
);
