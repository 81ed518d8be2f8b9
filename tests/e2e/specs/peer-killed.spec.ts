// A backend that is not ours is killed in the middle of what a phone sends it, and comes back with what was on its disk.

import { expect, test } from '../support/fixtures';
import { type Peer, recordsInFiles } from '../support/peer';
import { installed, PHONE } from '../support/phone';

/** Files that hold the beginning of a record, or nothing. */
async function begun(peer: Peer): Promise<number> {
  const files = await peer.list<[name: string, content: string]>();
  return files.filter(([name, content]) => !name.endsWith('waymark-life.json') && !content.endsWith('}')).length;
}

test('a WebDAV server killed while a phone drains to it: what is half written is written anew', async ({ lineTo, newPhone, peer }) => {
  const base = await peer('webdav');
  const line = await lineTo(base.address);
  const phone = await installed(newPhone, PHONE);
  const place = { kind: 'webdav', name: 'Base', address: `${line.url}/waymark`, user: base.user, secret: base.password };
  await phone.backends.begin('Acme Relief', 'Idriss', 'traveller', place);
  await expect(phone.home.safe).toBeVisible();
  // The folder is there, and its life is known.
  const saved = await phone.home.sayIAmSafe(1);
  await phone.shell.drained();

  await phone.goOffline();
  saved.push(...(await phone.home.sayIAmSafe(4)));
  // A packet takes a second: a record is longer.
  line.bandwidth(4_000);
  await phone.goOnline();
  await expect.poll(() => begun(base), { intervals: [20], timeout: 30_000 }).toBe(1);
  await base.kill();
  expect(await begun(base), 'it died in the middle of a file').toBe(1);
  line.heal();
  await expect(phone.home.rows.in('queued')).not.toHaveCount(0);
  await base.restart();
  // By itself: nobody tells the phone.
  await phone.shell.drained(45_000);
  await expect(phone.home.rows.in('stored')).toHaveCount(saved.length);
  await expect(phone.home.rows.in('refused')).toHaveCount(0);
  const ids = (await recordsInFiles(base)).map((record) => String(record['id']));
  expect(ids.toSorted(), 'each whole, and once').toEqual(saved.toSorted());
});

test('PostgreSQL killed while it stores what a phone sends', async ({ newPhone, peer }) => {
  const database = await peer('postgrest');
  const phone = await installed(newPhone, PHONE);
  const secret = await database.token({ org: 'acme', user: 'idriss', device: 'phone-idriss', role: 'traveller', areas: [] });
  await phone.backends.begin('Acme Relief', 'Idriss', 'traveller', {
    kind: 'postgrest', name: 'Our database', address: database.address, secret,
  });
  await expect(phone.home.safe).toBeVisible();
  const saved = await phone.home.sayIAmSafe(2);
  await phone.shell.drained();

  await phone.goOffline();
  saved.push(...(await phone.home.sayIAmSafe(3)));
  // Until it is killed, whoever stores records waits in the middle of the statement.
  await database.sql('begin; lock table public.waymark_records in exclusive mode');
  await phone.goOnline();
  const waiting = () => database.sql('select 1 from pg_locks where not granted');
  await expect.poll(async () => (await waiting()).length, { intervals: [50] }).toBeGreaterThan(0);
  await database.kill();
  await expect(phone.home.rows.in('queued')).not.toHaveCount(0);
  await database.restart();
  await phone.shell.drained(45_000);
  await expect(phone.home.rows.in('stored')).toHaveCount(saved.length);
  await expect(phone.home.rows.in('refused')).toHaveCount(0);
  const rows = await database.sql<{ id: string }>('select id from public.waymark_records');
  expect(rows.map(({ id }) => id).toSorted(), 'each once').toEqual(saved.toSorted());
});
