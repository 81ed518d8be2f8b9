// The story of a convoy that falls silent: on the traveller's phone, on the manager's board and in the server's watch.

import { expect, test } from '../support/fixtures';
import { DESK, type Phone } from '../support/phone';
import type { Server } from '../support/server';
import { Writer } from '../support/writer';

/** Idriss leads a convoy of three; the base last heard it so many minutes ago. */
async function convoy(idriss: Phone, server: Server, heardAgo: number): Promise<{ base: Writer; id: string }> {
  const base = await Writer.enrol(server, 'manager', 'Radio room');
  const leader = await base.colleague('Idriss');
  const id = await base.plan({ name: 'Convoy Mike 2', depart: -heardAgo - 60, more: { leader } });
  const relayed = { via: 'HF', said_by: 'Idriss' };
  await base.checkIn(id, heardAgo, { position: { source: 'odometer', km: 31 }, relayed });
  await idriss.home.open();
  await expect(idriss.home.movement).toContainText('Convoy Mike 2');
  return { base, id };
}

test('a convoy that goes silent is noticed, and a named human is on it until it is heard', async ({ join, server }) => {
  const idriss = await join('traveller', 'Idriss');
  const { id } = await convoy(idriss, server, 71);
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();

  // The same verdict on both screens, and the server has raised it.
  await expect(amina.watch.movement(id)).toHaveAttribute('data-overdue-stage', '2');
  await expect(idriss.home.movement).toHaveAttribute('data-overdue-stage', '2');
  await amina.watch.movement(id).getByRole('link').click();
  await expect(amina.movement.log.filter({ hasText: 'Raised by Waymark' })).toBeVisible();
  await expect(amina.movement.log.filter({ hasText: 'Nobody could be told' })).toBeVisible();
  await expect(amina.movement.known).toContainText('by odometer');

  await amina.movement.onIt.click();
  await expect(idriss.home.movement).toContainText('Amina is on it');

  // He is heard: without a network at first.
  await idriss.goOffline();
  await idriss.home.sayIAmSafe(1);
  await expect(idriss.home.movement).toHaveAttribute('data-overdue-stage', 'none');
  await expect(amina.watch.movement(id)).toHaveAttribute('data-overdue-stage', '2');
  await idriss.goOnline();
  await idriss.shell.drained();
  await expect(amina.watch.movement(id)).toHaveAttribute('data-overdue-stage', 'none');
  await expect(amina.movement.log.filter({ hasText: 'Settled' })).toBeVisible();
});

test('a check-in in a movement counts heads, names who is missing, and says where on the way', async ({ join, server }) => {
  const idriss = await join('traveller', 'Idriss');
  const { id } = await convoy(idriss, server, 20);
  const { checkIn } = idriss;
  await checkIn.open();
  await expect(checkIn.option('Convoy Mike 2')).toBeChecked();
  await expect(checkIn.headcount).toHaveValue('3');
  await checkIn.choose('At a waypoint');
  await expect(idriss.page.getByLabel('Waypoint name')).toHaveValue('Mangalmé');

  await checkIn.choose('Halted');
  await idriss.page.getByLabel('Why do you halt?').fill('Hawa went to the well');
  await idriss.page.getByLabel('Next word from you in').fill('0:75');
  await checkIn.choose('Kilometres');
  await checkIn.km.fill('٤٠');
  await idriss.page.getByRole('button', { name: 'Somebody is not here' }).click();
  await idriss.page.getByRole('checkbox', { name: 'Hawa' }).check({ force: true });
  await checkIn.headcount.fill('2');
  await checkIn.save.click();
  await expect(idriss.page.getByText('Write hours and minutes')).toBeVisible();
  await idriss.page.getByLabel('Next word from you in').fill('2:00');
  await checkIn.save.click();
  await expect(checkIn.receipt).toBeVisible();
  await idriss.shell.drained();

  const amina = await join('manager', 'Amina', DESK);
  await amina.movement.open(id);
  await expect(amina.movement.root).toContainText('Hawa');
  await expect(amina.movement.known).toContainText('km 40');
  await expect(amina.movement.root.locator('header')).toContainText(/in (2 hr|119 min|120 min)/);
});

test('what the radio room hears is written down for those who said it', async ({ join, server }) => {
  const idriss = await join('traveller', 'Idriss');
  const { id } = await convoy(idriss, server, 75);
  const amina = await join('manager', 'Amina', DESK);
  await amina.movement.open(id);
  await amina.movement.root.getByRole('link', { name: 'Write down a check-in heard by radio' }).click();
  await expect(amina.checkIn.option('Convoy Mike 2')).toBeChecked();
  await amina.checkIn.save.click();
  const via = amina.page.getByLabel('Heard over');
  expect(await amina.checkIn.errorOf(via)).not.toBe('');
  await amina.page.getByRole('button', { name: /HF 5.300/ }).click();
  await amina.page.getByLabel('Said by').fill('Idriss');
  await amina.checkIn.save.click();
  await expect(amina.checkIn.receipt).toBeVisible();
  await amina.watch.open();
  await expect(amina.watch.movement(id)).toHaveAttribute('data-overdue-stage', 'none');
  // Amina wrote it, and is not in the convoy for that.
  await expect(amina.home.movement).toHaveCount(0);
});

test('a sign of duress looks like nothing on the phone, and is an emergency at the base', async ({ join, server }) => {
  const idriss = await join('traveller', 'Idriss');
  await convoy(idriss, server, 20);
  await idriss.settings.open();
  await idriss.page.getByLabel('A phrase for the note').fill('Greetings to Fatime');
  await idriss.page.getByRole('button', { name: 'Use this phrase' }).click();
  await expect(idriss.page.getByLabel('A phrase for the note')).toHaveValue('');
  const kept = await idriss.page.evaluate(() => JSON.stringify(localStorage));
  expect(kept, 'the phrase cannot be read back').not.toMatch(/greetings|fatime/i);

  await idriss.checkIn.open();
  await idriss.checkIn.note.fill('All fine here. greetings to FATIME, see you.');
  await idriss.checkIn.save.click();
  await expect(idriss.checkIn.receipt).toBeVisible();
  await idriss.shell.drained();
  await idriss.home.open();
  const words = /duress|threat|emergency raised|under/i;
  await expect(idriss.page.locator('main')).toContainText('Safe');
  expect(await idriss.page.locator('main').innerText()).not.toMatch(words);

  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  const row = amina.watch.rows.all.filter({ hasText: /threat/i });
  await expect(row).toBeVisible();
  await amina.watch.takeOn(row);
  await expect(idriss.home.rows.all.first()).toHaveAttribute('data-state', 'confirmed');
  await expect(idriss.home.rows.all.first()).toContainText('Confirmed by Amina');
  await idriss.records.open();
  expect(await idriss.page.locator('main').innerText()).not.toMatch(words);
});

test('without a network an emergency offers a text message that names no place', async ({ join, server }) => {
  const idriss = await join('traveller', 'Idriss');
  await convoy(idriss, server, 20);
  await idriss.settings.open();
  await idriss.page.getByLabel('Number of the base').fill('+235 66 00 00 01');
  await idriss.page.getByRole('button', { name: 'Keep', exact: true }).click();
  await idriss.home.open();
  await idriss.goOffline();
  await idriss.home.holdEmergency(2_300);
  const sms = idriss.page.getByRole('link', { name: 'Send it as a text message' });
  await expect(sms).toHaveAttribute('href', /^sms:\+23566000001\?&body=SOS%20\d\d%3A\d\dZ%20Mike%202%203p%20/);
  expect(decodeURIComponent((await sms.getAttribute('href')) ?? '')).not.toMatch(/Mongo|Mangalmé|Idriss/);
  await idriss.goOnline();
  await expect(sms).toBeHidden();
});

test('a drill says that it is one, on every screen', async ({ join }) => {
  const idriss = await join('traveller', 'Idriss');
  await idriss.settings.open();
  await idriss.page.getByRole('button', { name: 'Practise an emergency' }).click();
  await expect(idriss.page.locator('.panel-alarm')).toContainText('Exercise');
  await idriss.shell.drained();
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  await expect(amina.watch.rows.all.first()).toContainText('Exercise');
});
