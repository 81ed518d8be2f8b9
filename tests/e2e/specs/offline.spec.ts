// Without a network the app is whole: it starts, shows, saves and keeps what is typed.

import { DESK, PHONE, setClockWrongBy } from '../support/phone';
import { Chrome } from '../support/chrome';
import { temporaryFolder } from '../support/environment';
import { expect, test } from '../support/fixtures';

const YEAR = 365 * 86_400_000;

test('from the second visit on, every route starts with no server', async ({ join, network }) => {
  const phone = await join('manager', 'Amina');
  await phone.installed();
  network.down();
  for (const [route, title] of [
    ['/', /No check-in yet/],
    ['/check-in', /Check in/],
    ['/records', /Records/],
    ['/records/0198f000-0000-7000-8000-000000000000', /not on this phone/],
    ['/watch', /Who is out/],
    ['/report', /Report/],
    ['/report/heard', /What we heard/],
    ['/threats', /Threats/],
    ['/sectors', /Sectors/],
    ['/sectors/community', /Community/],
    ['/map', /Map/],
    ['/settings', /Settings/],
    ['/enrol', /You are signed in/],
    ['/no-such-page', /no such page/],
  ] as const) {
    await phone.page.goto(route);
    await phone.page.reload();
    await expect(phone.page.getByRole('heading', { level: 1 }).filter({ hasText: title })).toBeVisible();
  }
  await phone.page.goto('/');
  const [id = ''] = await phone.home.sayIAmSafe(1);
  await phone.page.reload();
  await expect(phone.home.rows.row(id)).toContainText('Saved on this phone');
  await phone.shell.shows('offline');
  network.up();
  await phone.newNetwork();
  await phone.shell.drained();
});

test('a form half filled in survives a reload', async ({ join }) => {
  const phone = await join('traveller', 'Idriss');
  await phone.goOffline();
  await phone.checkIn.open();
  await phone.checkIn.choose('Checkpoint');
  await phone.checkIn.headcount.fill('6');
  await phone.checkIn.note.fill('Soldiers at the bridge, polite');
  await phone.draftWritten('Soldiers at the bridge, polite');
  await phone.page.reload();
  await expect(phone.checkIn.note).toHaveValue('Soldiers at the bridge, polite');
  await expect(phone.checkIn.headcount).toHaveValue('6');
  await expect(phone.checkIn.option('Checkpoint')).toBeChecked();

  await phone.checkIn.save.click();
  await expect(phone.checkIn.receipt).toHaveAttribute('data-state', 'queued');
  await phone.checkIn.open();
  await expect(phone.checkIn.note, 'what is saved is no draft any more').toHaveValue('');
});

test('a form half filled in survives a killed browser', async ({ network, server }) => {
  const profile = await temporaryFolder();
  const before = await Chrome.start(profile.path, network.url);
  await before.phone.join(await server.code('traveller'), 'Idriss');
  await before.phone.installed();
  network.down();
  await before.phone.page.goto(`${network.url}/check-in`);
  await before.phone.checkIn.note.fill('Puncture, 20 minutes');
  await before.phone.draftWritten('Puncture, 20 minutes');
  await before.kill();

  const after = await Chrome.start(profile.path, network.url);
  await after.phone.page.goto(`${network.url}/check-in`);
  await expect(after.phone.checkIn.note).toHaveValue('Puncture, 20 minutes');
  await after.kill();
  await profile.remove();
});

test('a phone whose clock is wrong by a year', async ({ join, newPhone, server }) => {
  const wrong = async (name: string, by: number) => {
    const phone = await newPhone(PHONE);
    await setClockWrongBy(phone.context, by);
    await phone.join(await server.code('traveller'), name);
    return phone;
  };
  const amina = await join('manager', 'Amina', DESK);
  // By their own clocks, the first of these check-ins is the latest.
  const people = [await wrong('Idriss', YEAR), await join('traveller', 'Moussa'), await wrong('Hawa', -YEAR)];
  const ids: string[] = [];
  for (const phone of people) {
    await phone.goOffline();
    ids.push(...(await phone.home.sayIAmSafe(1)));
    // A clock is known to half of the time that an answer took: on a busy machine a second, which is no order.
    await phone.page.waitForTimeout(3_000);
  }
  for (const phone of people.reverse()) {
    await phone.goOnline();
    await phone.shell.drained();
  }
  await amina.watch.open();
  await expect(amina.watch.waiting).toHaveCount(3);
  expect(await amina.watch.rows.ids(), 'in the order in which it happened').toEqual(ids);
  await expect(amina.watch.rows.row(ids[0] ?? '')).toContainText(/happened (\d+ \w+, )?\d\d:\d\d, arrived (\d+ \w+, )?\d\d:\d\d/);

  await amina.page.goto(`/watch/${ids[0]}`);
  const detail = amina.page.getByRole('article');
  await expect(detail).toContainText("by the phone's clock");
  await expect(detail).toContainText("the phone's clock was off by 365 days");
});
