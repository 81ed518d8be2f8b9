// An agency that runs no server of ours: records, confirmations and the board over what it has already.

import { expect, test } from '../support/fixtures';
import type { Peer } from '../support/peer';
import { DESK, installed, PHONE, type Phone } from '../support/phone';

const couch = ({ address, user, password }: Peer) => ({ kind: 'couchdb', name: 'Base', address, user, secret: password });

/** A check-in made with no signal reaches the manager, and the driver learns that it was confirmed. */
async function mainJob(driver: Phone, amina: Phone): Promise<void> {
  await driver.goOffline();
  await driver.page.reload();
  await driver.home.safe.tap();
  const id = await driver.home.rows.newest(1);
  const row = driver.home.rows.row(id);
  await expect(row).toHaveAttribute('data-state', 'queued');
  await amina.watch.open();
  await expect(amina.page.getByText('Nothing waits for you')).toBeVisible();
  await driver.goOnline();
  await driver.shell.drained();
  const waiting = amina.watch.rows.row(id);
  await expect(waiting).toContainText('Idriss', { timeout: 30_000 });
  await amina.watch.confirm(waiting);
  await expect(waiting).toHaveAttribute('data-state', 'confirmed');
  await expect(row).toHaveAttribute('data-state', 'confirmed', { timeout: 30_000 });
  await expect(row).toContainText(/Confirmed by Amina, (\d+ \w+, )?\d\d:\d\d/);
}

test('the main job over CouchDB, with our server switched off', async ({ newPhone, peer, server }) => {
  test.setTimeout(120_000);
  const base = await peer('couchdb');
  const amina = await installed(newPhone, DESK);
  const driver = await installed(newPhone, PHONE);
  await server.stop();
  await amina.backends.begin('Acme Relief', 'Amina', 'security', couch(base));
  await expect(amina.home.safe).toBeVisible();
  const code = await amina.backends.codeFor('traveller');

  // What is cut off on its way changes nothing.
  await driver.enrol.fill(code.slice(0, -3), 'Idriss');
  await driver.enrol.join.tap();
  await expect(driver.enrol.fault).toContainText('cut off or mistyped');
  await driver.enrol.code.fill(code);
  await expect(driver.page.locator('[data-part=setup]')).toContainText('You join Acme Relief as Traveller. Records go to: Base.');
  await driver.enrol.join.tap();
  await expect(driver.home.safe).toBeVisible();
  await mainJob(driver, amina);
});

test('the main job over PostgREST, with our server switched off', async ({ newPhone, peer, server }) => {
  test.setTimeout(120_000);
  const database = await peer('postgrest');
  const claims = (user: string, role: string) => ({ org: 'acme', user, device: `phone-${user}`, role, areas: [] });
  const amina = await installed(newPhone, DESK);
  const driver = await installed(newPhone, PHONE);
  await server.stop();
  const place = { kind: 'postgrest', name: 'Our database', address: database.address };
  await amina.backends.begin('Acme Relief', 'Amina', 'security', { ...place, secret: 'no token' });
  await expect(amina.page.locator('#f-backend-secret-error')).toContainText('does not say who it is for');
  const secret = await database.token(claims('amina', 'security'));
  await amina.backends.begin('Acme Relief', 'Amina', 'security', { ...place, secret });
  await expect(amina.home.safe).toBeVisible();
  // The code for others has no token: each person has one of their own.
  await driver.enrol.fill(await amina.backends.codeFor('traveller'), 'Idriss');
  await driver.page.locator('#f-token').fill(await database.token(claims('idriss', 'traveller')));
  await driver.enrol.join.tap();
  await expect(driver.home.safe).toBeVisible();
  await mainJob(driver, amina);
});

test('a record is sent when the copy that must have it has it', async ({ join, peer }) => {
  const cloud = await peer('couchdb');
  const driver = await join('traveller', 'Idriss');
  const { backends, home } = driver;
  const [before = ''] = await home.sayIAmSafe(1);
  await backends.open();
  await backends.add({ ...couch(cloud), name: 'Cloud', secret: 'wrong', must: true });
  const mirror = backends.place(1);
  await expect(mirror).toContainText('It does not accept how this phone signs in');
  await expect(mirror).toContainText('1 record waits to go there.');
  await expect(backends.home).toContainText('Has everything.');
  await driver.page.goto(`/records/${before}`);
  const places = driver.page.locator('[data-part=deliveries] li');
  await expect(places.nth(0)).toContainText('holds it');
  await expect(places.nth(1)).toContainText('does not have it yet');
  // The base knows of it, whatever the copy does; that something waits is said all the same.
  await expect(driver.page.locator('.stack[data-state]').first()).toHaveAttribute('data-state', 'stored');
  await expect(driver.shell.root).not.toContainText('All sent');

  await backends.open();
  await backends.test(1);
  await expect(backends.found).toHaveAttribute('data-found', 'sign_in');
  await mirror.getByRole('button', { name: 'Change' }).click();
  await driver.page.locator('#f-backend-secret').fill(cloud.password);
  await driver.page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(mirror).toContainText('Has everything.');
  await driver.page.goto(`/records/${before}`);
  await expect(places.nth(1)).toContainText('Cloud holds it');
  await expect(driver.page.locator('.stack[data-state]').first()).toHaveAttribute('data-state', 'stored');

  // It lost everything: what is on the phone goes there again.
  await cloud.wipe();
  await home.open();
  const [after = ''] = await home.sayIAmSafe(1);
  await driver.shell.drained();
  await backends.open();
  await expect(mirror).toContainText('Has everything.');
  const held = await fetch(`${cloud.address}/_all_docs`, {
    headers: { authorization: `Basic ${Buffer.from(`${cloud.user}:${cloud.password}`).toString('base64')}` },
  });
  const { rows } = (await held.json()) as { rows: { id: string }[] };
  expect(rows.map((row) => row.id)).toEqual(expect.arrayContaining([before, after]));

  await mirror.getByRole('button', { name: 'Remove', exact: true }).click();
  await driver.page.getByRole('button', { name: 'Remove this place' }).click();
  await expect(mirror).toHaveCount(0);
  await expect(backends.home).toContainText('Has everything.');
});

test('the connection test says what is wrong, and what to do', async ({ join, peer }) => {
  const [open, shut] = [await peer('couchdb'), await peer('couchdb', { cors: false })];
  const { backends, page } = await join('security', 'Amina', DESK);
  await backends.open();
  await page.getByRole('button', { name: 'Add a place' }).click();
  const tried = async (place: object, found: string) => {
    await backends.fill({ ...couch(open), ...place });
    await page.locator('[data-part=backend-form]').getByRole('button', { name: 'Test connection' }).click();
    await expect(backends.found).toHaveAttribute('data-found', found);
  };
  await tried({}, 'fine');
  await tried({ secret: 'wrong' }, 'sign_in');
  await tried({ address: `${open.address}-not` }, 'not_found');
  await tried({ address: shut.address }, 'cors');
  await tried({ address: 'http://127.0.0.1:9/waymark' }, 'unreachable');
  await backends.fill({ ...couch(open), address: 'http://couch.example/waymark' });
  await page.getByRole('button', { name: 'Add this place' }).click();
  await expect(page.locator('#f-backend-address-error')).toContainText('https://');
  await expect(backends.place(1)).toHaveCount(0);
});
