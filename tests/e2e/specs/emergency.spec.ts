// An emergency is raised for sure and never by accident, and goes before everything else.

import { recordsIn } from '../support/faults';
import { expect, test } from '../support/fixtures';
import { DESK } from '../support/phone';
import { Writer } from '../support/writer';

test('a short tap raises nothing, two seconds do, and somebody is on it', async ({ join }) => {
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  const phone = await join('traveller', 'Idriss');
  await phone.home.holdEmergency(500);
  await expect(phone.page.getByText('Nothing was sent. Hold Emergency for 2 seconds')).toBeVisible();
  await expect(phone.home.rows.all).toHaveCount(0);

  await phone.home.holdEmergency(2_300);
  const panel = phone.page.locator('section.panel-alarm');
  await expect(panel).toBeVisible();
  const row = amina.watch.waiting.first();
  await expect(row).toContainText('Idriss: Emergency');
  await amina.watch.takeOn(row);
  await expect(phone.page.getByRole('heading', { name: 'Amina is on it' })).toBeVisible();
  await expect(panel).toHaveAttribute('data-state', 'confirmed');

  await phone.page.getByRole('button', { name: 'It was a false alarm' }).click();
  await phone.page.getByRole('button', { name: 'Report false alarm' }).click();
  await expect(phone.page.locator('#f-note'), 'a false alarm needs a word').toHaveAttribute('aria-invalid', 'true');
  await phone.page.getByLabel('What happened?').fill('Sat on the phone');
  await phone.page.getByRole('button', { name: 'Report false alarm' }).click();
  await expect(panel).toBeHidden();
  await expect(phone.home.emergency).toBeVisible();
});

test('whoever is in an exercise and in a real movement is in the real one when it counts', async ({ join, server }) => {
  const idriss = await join('traveller', 'Idriss');
  const base = await Writer.enrol(server, 'manager', 'Radio room');
  const leader = await base.colleague('Idriss');
  const drill = await base.plan({ name: 'Drill', depart: -5, more: { leader } }, true);
  const real = await base.plan({ name: 'Convoy Mike 2', depart: -30, more: { leader } });
  await idriss.home.open();
  await expect(idriss.home.movement).toContainText('Convoy Mike 2');
  await expect(idriss.page.getByRole('link', { name: 'You are also in Drill' })).toBeVisible();
  await idriss.home.holdEmergency(2_300);
  await idriss.shell.drained();
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  await expect(amina.watch.movement(real)).toContainText('Emergency');
  await expect(amina.watch.movement(real)).not.toContainText('Exercise');
  await expect(amina.watch.movement(drill)).not.toContainText('Emergency');
});

test('what is tried about it is written down, by the server and by whoever is on it', async ({ join }) => {
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  const phone = await join('traveller', 'Idriss');
  await phone.home.holdEmergency(2_300);
  await phone.shell.drained();
  await amina.watch.waiting.first().getByRole('link').click();
  const { page } = amina;
  const log = page.locator('.log > li');
  await expect(log.first()).toContainText('Nobody could be told');
  await page.getByRole('button', { name: 'Record a try' }).click();
  await expect(page.getByRole('heading', { name: 'Record a try' })).toBeFocused();
  await page.getByRole('button', { name: 'Save the try' }).click();
  const over = page.getByLabel('Over what?');
  await expect(over).toBeFocused();
  await expect(over).toHaveAttribute('aria-invalid', 'true');
  await over.fill('HF 5.300');
  await page.getByRole('radio', { name: 'No answer', exact: true }).check({ force: true });
  await page.getByRole('button', { name: 'Save the try' }).click();
  await expect(log.filter({ hasText: 'HF 5.300' })).toContainText('Amina');
  await expect(page.getByRole('button', { name: 'Record a try' })).toBeFocused();
  // None of it is for the phone that raised it.
  await phone.records.open();
  await phone.records.rows.all.first().getByRole('link').click();
  await expect(phone.page.locator('main')).not.toContainText('HF 5.300');
});

test('by keyboard: a second, separate button in place of holding', async ({ join }) => {
  const phone = await join('traveller', 'Idriss', DESK);
  await phone.home.emergency.focus();
  await phone.page.keyboard.press('Enter');
  await expect(phone.page.getByRole('heading', { name: 'Raise an emergency now?' })).toBeFocused();
  await phone.page.getByRole('button', { name: 'Cancel' }).focus();
  await phone.page.keyboard.press('Enter');
  await expect(phone.home.rows.all).toHaveCount(0);

  await phone.home.emergency.focus();
  await phone.page.keyboard.press('Space');
  await phone.page.keyboard.press('Tab');
  await phone.page.keyboard.press('Enter');
  await expect(phone.home.rows.all).toHaveCount(1);
  await expect(phone.page.locator('section.panel-alarm')).toBeVisible();
});

test('it goes out before what was queued earlier', async ({ network, join }) => {
  const phone = await join('traveller', 'Idriss');
  await phone.goOffline();
  const earlier = await phone.home.sayIAmSafe(3);
  await phone.home.holdEmergency(2_300);
  await expect(phone.home.rows.all).toHaveCount(4);
  await phone.goOnline();
  await phone.shell.drained();
  const order = network.sent().flatMap(recordsIn);
  expect(order).toHaveLength(4);
  expect(earlier).not.toContain(order[0]?.id);
});
