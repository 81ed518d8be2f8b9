// What is no receipt moves nothing; what is a refusal says so; and what was asked for by the server is done.

import { readFile } from 'node:fs/promises';
import { Api } from '../support/api';
import {
  atMost,
  captivePortal,
  first,
  noContent,
  otherIds,
  problem,
  recordsIn,
  rejecting,
  truncated,
  withoutReceiptFor,
  wrongDigests,
} from '../support/faults';
import { expect, test } from '../support/fixtures';
import { type Fault, RECORDS } from '../support/proxy';

const NO_RECEIPTS: [string, Fault][] = [
  ["a captive portal's page", captivePortal],
  ['204', noContent],
  ['an answer cut off in the middle', truncated],
  ['receipts for other ids', otherIds],
  ['receipts with wrong digests', wrongDigests],
];

for (const [name, fault] of NO_RECEIPTS) {
  test(`no record leaves on ${name}`, async ({ server, network, join }) => {
    const central = await Api.enrol(server, 'central', 'HQ');
    const phone = await join('traveller', 'Idriss');
    network.fault(RECORDS, fault);
    const saved = await phone.home.sayIAmSafe(3);
    await phone.newNetwork();
    await expect.poll(() => network.sent().length).toBeGreaterThanOrEqual(3);
    await expect(phone.home.rows.in('queued')).toHaveCount(3);
    await phone.shell.shows('offline');
    await expect(phone.shell.sync).toHaveText('Offline · 3 to send');

    network.heal();
    await phone.newNetwork();
    await phone.shell.drained();
    await expect(phone.home.rows.in('stored')).toHaveCount(3);
    expect((await central.ids()).toSorted()).toEqual(saved.toSorted());
  });
}

test('a record without a receipt stays, the others leave', async ({ server, network, join }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('traveller', 'Idriss');
  await phone.goOffline();
  const saved = await phone.home.sayIAmSafe(3);
  const forgotten = saved[1] ?? '';
  network.fault(RECORDS, withoutReceiptFor(forgotten));
  await phone.goOnline();
  await expect(phone.home.rows.in('stored')).toHaveCount(2);
  await expect(phone.home.rows.row(forgotten)).toHaveAttribute('data-state', 'queued');
  network.heal();
  await phone.newNetwork();
  await phone.shell.drained();
  expect((await central.ids()).toSorted()).toEqual(saved.toSorted());
});

test('the connection test names the sign-in page of a network', async ({ network, join }) => {
  const phone = await join('traveller', 'Idriss');
  await phone.settings.open();
  await phone.settings.testConnection.click();
  await expect(phone.page.getByText('The server answers and knows this device.')).toBeVisible();
  network.fault('/api/', captivePortal);
  await phone.settings.testConnection.click();
  await expect(phone.page.getByText('Open any web page, sign in there, then test again.')).toBeVisible();
  network.down();
  await phone.settings.testConnection.click();
  await expect(phone.page.getByText('There is a network, but it does not reach the server.')).toBeVisible();
});

test('shut out in mid-queue: paused, signs in again, goes on as the same device', async ({ server, network, join }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('traveller', 'Idriss');
  const saved = await phone.home.sayIAmSafe(1);
  await phone.shell.drained();
  const device = (await central.feed())[0]?.source.split('/').pop() ?? '';

  await phone.goOffline();
  saved.push(...(await phone.home.sayIAmSafe(4)));
  // The first two get through; then the device is shut out.
  network.fault(RECORDS, async (asked, forward) => {
    if (recordsIn(asked).length > 2) return atMost(2)(asked, forward);
    const reply = await forward();
    await server.revoke(device);
    return reply;
  });
  await phone.goOnline();
  await phone.shell.shows('paused');
  await expect(phone.shell.sync).toHaveText('Paused: sign in');
  await expect(phone.home.rows.in('queued')).not.toHaveCount(0);
  await phone.page.reload();
  saved.push(...(await phone.home.sayIAmSafe(1)));
  await phone.shell.shows('paused');

  network.heal();
  await phone.shell.sync.click();
  await expect(phone.page.getByRole('heading', { name: 'Sign in again' })).toBeVisible();
  await expect(phone.page.getByText(/Your \d unsent records are safe on this phone\./)).toBeVisible();
  await phone.enrol.code.fill(await server.code('traveller'));
  await phone.enrol.signIn.click();
  await phone.shell.drained();
  const feed = (await central.feed()).filter((record) => record.type.includes('checkin.made'));
  expect(feed.map((record) => record.id).toSorted()).toEqual(saved.toSorted());
  expect(new Set(feed.map((record) => record.source)).size, 'one device').toBe(1);
});

test('413: smaller batches until they fit', async ({ server, network, join }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('traveller', 'Idriss');
  await phone.goOffline();
  const saved = await phone.home.sayIAmSafe(7);
  network.fault(RECORDS, atMost(2));
  await phone.goOnline();
  await phone.shell.drained();
  expect((await central.ids()).toSorted()).toEqual(saved.toSorted());
  expect(recordsIn(network.sent()[0]!).length, 'the first try has all').toBe(7);
});

for (const status of [429, 503]) {
  test(`${status} with Retry-After: no request before it`, async ({ network, join }) => {
    const phone = await join('traveller', 'Idriss');
    const wait = 4;
    network.fault(RECORDS, first(1, problem(status, 'busy', 'come back later', { 'retry-after': String(wait) })));
    await phone.home.sayIAmSafe(1);
    await expect.poll(() => network.sent().length).toBe(1);
    // Neither another record nor a new network is a reason to ask earlier.
    await phone.home.sayIAmSafe(1);
    await phone.newNetwork();
    await phone.shell.drained();
    const [refused, next] = network.sent();
    expect(next!.at - refused!.at).toBeGreaterThanOrEqual(wait * 1000);
  });
}

test('one record that the server refuses, and four that it takes', async ({ server, network, join }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('traveller', 'Idriss');
  await phone.goOffline();
  const saved = await phone.home.sayIAmSafe(5);
  const bad = saved[2] ?? '';
  network.fault(RECORDS, rejecting(bad, 'the movement is closed'));
  await phone.goOnline();
  await expect(phone.home.rows.row(bad)).toHaveAttribute('data-state', 'refused');
  await expect(phone.home.rows.row(bad)).toContainText('Not accepted by the server');
  await expect(phone.home.rows.in('stored')).toHaveCount(4);
  expect(await central.ids()).toHaveLength(4);

  await phone.records.open(bad);
  await expect(phone.records.detail).toContainText('It said: the movement is closed.');
  const download = phone.page.waitForEvent('download');
  await phone.records.export.click();
  const file = JSON.parse(await readFile(await (await download).path(), 'utf8')) as { id: string }[];
  expect(file.map((event) => event.id)).toEqual([bad]);

  network.heal();
  await phone.records.retry.click();
  await expect(phone.records.detail.locator('[data-state]').first()).toHaveAttribute('data-state', 'stored');
  expect((await central.ids()).toSorted()).toEqual(saved.toSorted());
});
