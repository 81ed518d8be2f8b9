// A home that takes records and gives none back: joining it, what arrives there, and what the app says about it.

import type { Place } from '../pages/backends';
import { expect, test } from '../support/fixtures';
import { type Peer, recordsInFiles } from '../support/peer';
import { installed, PHONE, setClockWrongBy } from '../support/phone';

interface Home {
  kind: 'webdav' | 's3' | 'webhook';
  place: (peer: Peer, address: string) => Place;
  /** The answers that are cut: to what, and after how much of the body. What S3 answers has none. */
  cut: { request: string; bytes: number | 'head' };
  /** The records that are there, each as often as it is. */
  held: (peer: Peer) => Promise<Record<string, unknown>[]>;
}

const signIn = ({ user, password }: Peer) => ({ name: 'Base', user, secret: password });

const HOMES: Home[] = [
  {
    kind: 'webdav',
    place: (peer, address) => ({ kind: 'webdav', address: `${address}/waymark`, ...signIn(peer) }),
    cut: { request: 'PUT /waymark/0', bytes: 2 },
    held: recordsInFiles,
  },
  {
    kind: 's3',
    place: (peer, address) => ({ kind: 's3', address, bucket: 'waymark', ...signIn(peer) }),
    cut: { request: 'PUT /waymark/0', bytes: 'head' },
    held: recordsInFiles,
  },
  {
    kind: 'webhook',
    place: ({ password }, address) => ({ kind: 'webhook', name: 'Base', address: `${address}/`, secret: password }),
    cut: { request: 'POST / ', bytes: 2 },
    held: (peer) => peer.list(),
  },
];

for (const { kind, place, cut, held } of HOMES) {
  test(`a phone whose home is ${kind}`, async ({ lineTo, newPhone, peer, server }) => {
    const base = await peer(kind);
    const line = await lineTo(base.address);
    const amina = await installed(newPhone, PHONE);
    const driver = await installed(newPhone, PHONE);
    await server.stop();
    const there = place(base, line.url);
    await amina.backends.begin('Acme Relief', 'Amina', 'security', there);
    await expect(amina.home.safe).toBeVisible();

    await driver.enrol.fill(await amina.backends.codeFor('traveller'), 'Idriss');
    await driver.enrol.join.tap();
    await expect(driver.home.safe).toBeVisible();
    await driver.backends.open();
    await expect(driver.backends.home).toContainText('Nothing comes back from here: no confirmations, no board.');
    await driver.backends.test(0);
    // The folder of a WebDAV server is made with the first record.
    await expect(driver.backends.found).toHaveAttribute('data-found', kind === 'webdav' ? 'not_found' : 'fine');

    // Made with no signal; and the first answer does not arrive.
    await driver.home.open();
    await driver.goOffline();
    const saved = await driver.home.sayIAmSafe(3);
    line.cutAnswers({ ...cut, ending: 'reset' });
    await driver.goOnline();
    await expect.poll(() => line.cuts).toBeGreaterThan(0);
    await expect(driver.home.rows.in('queued')).not.toHaveCount(0);
    line.heal();
    await driver.newNetwork();
    await driver.shell.drained();
    const records = await held(base);
    const ids = records.map((record) => String(record['id'])).toSorted();
    if (kind === 'webhook') expect([...new Set(ids)], 'the same again is allowed').toEqual(saved.toSorted());
    else expect(ids, 'each once').toEqual(saved.toSorted());
    for (const record of records) {
      expect(record).toMatchObject({ specversion: '1.0', type: 'org.waymark.checkin.made.v1', author: expect.any(String) });
    }
    await driver.records.open(saved[0]);
    const places = driver.page.locator('[data-part=deliveries] li');
    await expect(places.first()).toContainText(kind === 'webhook' ? 'not verified' : 'Base holds it');

    await driver.backends.open();
    await driver.backends.home.getByRole('button', { name: 'Change' }).click();
    await driver.page.locator('#f-backend-secret').fill('wrong');
    await driver.page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(driver.backends.home).toContainText('Has everything.');
    await driver.backends.test(0);
    await expect(driver.backends.found).toHaveAttribute('data-found', 'sign_in');
    await driver.home.open();
    await driver.home.safe.tap();
    await driver.shell.shows('paused');
    await expect(driver.shell.sync).toHaveText('Paused: sign in');
    await expect(driver.home.rows.in('queued')).toHaveCount(1);
    expect((await held(base)).length, 'nothing more').toBe(records.length);
  });
}

test('a phone that has no server of ours and a clock that is a day ahead signs what S3 takes', async ({ newPhone, peer }) => {
  const base = await peer('s3');
  const phone = await newPhone(PHONE);
  await setClockWrongBy(phone.context, 86_400_000);
  const place = { kind: 's3', address: base.address, bucket: 'waymark', ...signIn(base) };
  await phone.backends.begin('Acme Relief', 'Amina', 'security', place);
  await expect(phone.home.safe).toBeVisible();
  const saved = await phone.home.sayIAmSafe(2);
  await phone.shell.drained();
  const ids = (await recordsInFiles(base)).map((record) => String(record['id']));
  expect(ids.toSorted()).toEqual(saved.toSorted());
  await phone.backends.open();
  await phone.backends.test(0);
  await expect(phone.backends.found).toHaveAttribute('data-found', 'fine');
});
