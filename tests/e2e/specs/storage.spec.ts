// The browser may empty the storage behind the app's back. Then nobody is left to believe that it was sent.

import { Api } from '../support/api';
import { expect, test } from '../support/fixtures';
import type { Phone } from '../support/phone';

async function emptyTheDatabase(phone: Phone, origin: string): Promise<void> {
  const session = await phone.context.newCDPSession(phone.page);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
}

test('storage emptied while the app is closed: told how many were lost and since when', async ({
  server,
  network,
  join,
}) => {
  const phone = await join('traveller', 'Idriss');
  await phone.installed();
  await phone.home.sayIAmSafe(1);
  await phone.shell.drained();
  await phone.goOffline();
  await phone.home.sayIAmSafe(3);
  await expect(phone.shell.sync).toHaveText('Offline · 3 to send');
  await phone.page.goto('about:blank');
  await emptyTheDatabase(phone, network.url);

  const loss = phone.page.getByText(/3 unsent records were lost, saved since (\d+ \w+, )?\d\d:\d\d\./);
  await phone.page.goto('/');
  await expect(loss).toBeVisible();
  await phone.page.reload();
  await expect(loss, 'said until it is read').toBeVisible();
  await phone.page.getByRole('button', { name: 'I have read this' }).click();
  await expect(loss).toBeHidden();
  await phone.page.reload();
  await expect(phone.enrol.code).toBeVisible();
  await expect(loss).toBeHidden();

  await phone.goOnline();
  await phone.enrol.fill(await server.code('traveller'), 'Idriss');
  await phone.enrol.join.click();
  await phone.home.sayIAmSafe(1);
  await phone.shell.drained();
});

test('storage emptied while the app is open: told at once, and the phone stays the device it was', async ({
  server,
  network,
  join,
}) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('traveller', 'Idriss');
  await phone.installed();
  const saved = await phone.home.sayIAmSafe(1);
  await phone.shell.drained();
  await phone.goOffline();
  await phone.home.sayIAmSafe(2);
  await expect(phone.shell.sync).toHaveText('Offline · 2 to send');
  await emptyTheDatabase(phone, network.url);

  const loss = phone.page.getByText(/2 unsent records were lost, saved since (\d+ \w+, )?\d\d:\d\d\./);
  // The app is in the middle of its work: it saves once more before it is started anew.
  await phone.home.safe.click();
  await expect(loss).toBeVisible();
  await expect(phone.shell.sync).toHaveText('Offline · 1 to send');
  await phone.page.reload();
  await expect(loss).toBeVisible();
  await expect(phone.home.rows.in('queued')).toHaveCount(1);
  const after = (await phone.home.rows.ids())[0] ?? '';

  await phone.goOnline();
  await phone.shell.drained();
  const feed = (await central.feed()).filter((record) => record.type.includes('checkin.made'));
  expect(feed.map((record) => record.id)).toEqual([...saved, after]);
  expect(new Set(feed.map((record) => record.source)).size, 'one device').toBe(1);
});
