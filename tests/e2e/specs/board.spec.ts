// Who is out, who is late, and who is on it.

import { createHash } from 'node:crypto';
import { expect, test } from '../support/fixtures';
import { DESK } from '../support/phone';
import { Writer } from '../support/writer';

test('those first who need a human, each with its stage', async ({ join, server }) => {
  const idriss = await Writer.enrol(server, 'traveller', 'Idriss');
  const hawa = await Writer.enrol(server, 'traveller', 'Hawa');
  const notLeft = await idriss.plan({ name: 'Tomorrow', depart: 300 });
  const onTime = await idriss.plan({ name: 'Water team', depart: -30 });
  await idriss.checkIn(onTime, 8);
  const exhausted = await idriss.plan({ name: 'Lost', depart: -120 });
  const overdue = await idriss.plan({ name: 'Convoy Mike 2', depart: -17 });
  const due = await idriss.plan({ name: 'Clinic run', depart: -4 });
  const helpless = await hawa.plan({ name: 'Stuck', depart: -20 });
  await hawa.checkIn(helpless, 5, { people: 'need_assistance' });

  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  await expect(amina.watch.out).toHaveCount(6);
  expect(await amina.watch.outIds()).toEqual([exhausted, overdue, helpless, due, onTime, notLeft]);
  for (const [id, stage, words] of [
    [exhausted, 'exhausted', 'Overdue 2 hr'],
    [overdue, '3', 'Overdue 17 min'],
    [helpless, 'none', 'Need assistance 5 min ago'],
    [due, '1', 'Due now'],
    [onTime, 'none', 'Safe 8 min ago'],
    [notLeft, 'none', 'Leaves'],
  ] as const) {
    await expect(amina.watch.movement(id)).toHaveAttribute('data-overdue-stage', stage);
    await expect(amina.watch.movement(id)).toContainText(words);
  }
});

test('a late movement is taken on, tried and settled without leaving the board', async ({ join, server }) => {
  const idriss = await Writer.enrol(server, 'traveller', 'Idriss');
  const id = await idriss.plan({ name: 'Convoy Mike 2', depart: -90 });
  await idriss.checkIn(id, 82, { position: { source: 'odometer', km: 62 } });
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  await amina.watch.movement(id).getByRole('link').click();
  const { movement } = amina;
  await expect(movement.root).toHaveAttribute('data-overdue-stage', '4');
  await expect(movement.stops).toHaveCount(4);
  await expect(movement.known).toContainText('at Mangalmé, 82 min ago, from Idriss, by odometer');
  await expect(movement.root.locator('header')).toContainText('Last known safe 82 min ago');

  await movement.onIt.click();
  await expect(amina.watch.movement(id)).toContainText('Amina is on it');
  await expect(movement.onIt).toBeHidden();

  await movement.recordTry.click();
  await movement.button('Save the try').click();
  await expect(movement.root.getByLabel('Over what?'), 'a try names its means').toHaveAttribute('aria-invalid', 'true');
  await movement.button('Satellite phone +8816 234 56789').click();
  await movement.choose('Reached');
  await movement.button('Save the try').click();
  await expect(movement.log.filter({ hasText: 'Reached' })).toContainText('Satellite phone +8816 234 56789');

  await movement.settle.click();
  await movement.root.getByLabel('How do you know?').fill('Spoke to Idriss by satellite phone');
  await movement.button('Settle').click();
  await expect(amina.watch.movement(id)).toHaveAttribute('data-overdue-stage', 'none');
  await expect(movement.log.filter({ hasText: 'Settled by Amina' })).toContainText('Spoke to Idriss');
});

test('whoever travels in it cannot say that somebody is on it', async ({ join, server }) => {
  const amina = await join('manager', 'Amina', DESK);
  const idriss = await Writer.enrol(server, 'manager', 'Idriss');
  const id = await idriss.plan({ name: 'Convoy Mike 2', depart: -20 });
  await amina.watch.open();
  await amina.watch.movement(id).getByRole('link').click();
  await expect(amina.movement.onIt).toBeEnabled();
  // Amina gets in.
  const { user } = await amina.page.evaluate(readUser);
  const leader = { name: 'Amina', user };
  const second = await idriss.plan({ name: 'With Amina', depart: -20, more: { leader } });
  await amina.watch.open();
  await amina.watch.movement(second).getByRole('link').click();
  await expect(amina.movement.onIt).toHaveAttribute('aria-disabled', 'true');
  await expect(amina.page.getByText('You travel in this movement')).toBeVisible();
});

test('a check-in made under threat is an emergency to those who watch and nothing on its own phone', async ({
  join,
  server,
}) => {
  const idriss = await Writer.enrol(server, 'traveller', 'Idriss');
  const id = await idriss.plan({ name: 'Convoy Mike 2', depart: -10 });
  const record = await idriss.checkIn(id, 1, { duress: true });
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  await expect(amina.watch.movement(id)).toContainText('Made under threat');
  const row = amina.watch.rows.row(record);
  await expect(row).toContainText('Made under threat');
  await amina.watch.takeOn(row);
  await expect(amina.watch.movement(id)).toContainText('Amina is on it');
});

test('the sign of duress in a note shows nothing on its own phone, not even when somebody is on it', async ({ join }) => {
  const driver = await join('traveller', 'Idriss');
  const digest = createHash('sha256').update('blue heron').digest('hex');
  await driver.page.evaluate((kept) => localStorage.setItem('waymark.sign', kept), `2:${digest}`);
  await driver.checkIn.open();
  await driver.checkIn.note.fill('Saw a Blue heron');
  await driver.checkIn.save.click();
  await expect(driver.checkIn.receipt).toContainText('Sent');
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  await expect(amina.watch.waiting.first()).toContainText('Made under threat');
  await amina.watch.takeOn(amina.watch.waiting.first());
  await expect(driver.checkIn.receipt).toContainText('Confirmed by Amina');
  await driver.records.open();
  await expect(driver.records.rows.all).toHaveCount(1);
  await expect(driver.page.locator('body')).not.toContainText(/threat|emergency|on it/i);
});

test('sound is asked for on the board, and kept', async ({ join, server }) => {
  const idriss = await Writer.enrol(server, 'traveller', 'Idriss');
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  await amina.page.getByRole('button', { name: 'Sound is off' }).click();
  await expect(amina.page.getByRole('button', { name: 'Sound is on' })).toBeVisible();
  await idriss.plan({ name: 'Convoy Mike 2', depart: -20 });
  await expect(amina.watch.out).toHaveCount(1);
  await amina.page.reload();
  await expect(amina.page.getByRole('button', { name: /Sound is on|Tap to let it sound/ })).toBeVisible();
});

test('a movement is closed when everyone is accounted for', async ({ join, server }) => {
  const idriss = await Writer.enrol(server, 'traveller', 'Idriss');
  const id = await idriss.plan({ name: 'Water team', depart: -50 });
  await idriss.checkIn(id, 5, { checkin: 'arrived' });
  const amina = await join('manager', 'Amina');
  await amina.movement.open(id);
  await amina.movement.close.click();
  await amina.movement.button('Close the movement').click();
  await expect(amina.page.locator('#f-accounted')).toHaveAttribute('aria-invalid', 'true');
  await amina.page.locator('#f-accounted').fill('3');
  await amina.movement.button('Close the movement').click();
  await expect(amina.page.getByText('Closed by Amina')).toBeVisible();
  await amina.page.reload();
  await expect(amina.page.getByText('Closed by Amina'), 'closed ones can be read').toBeVisible();

  // It was the wrong one: nobody would be looking for them any more.
  await amina.movement.button('Open again').click();
  await expect(amina.page.getByRole('heading', { name: 'Open again' })).toBeFocused();
  await amina.movement.button('Open again').last().click();
  await expect(amina.movement.close).toBeVisible();
  await amina.shell.drained();
  const boss = await join('security', 'Security', DESK);
  await boss.watch.open();
  await expect(boss.watch.movement(id)).toBeVisible();
});

test('two vehicles that fall silent are looked for one by one', async ({ join, server }) => {
  const idriss = await Writer.enrol(server, 'traveller', 'Idriss');
  const id = await idriss.plan({ name: 'Convoy Mike 2', depart: -140 });
  await idriss.checkIn(id, 110, { roll: { separated: ['Mike 3'] } });
  await idriss.checkIn(id, 82);
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  await amina.watch.movement(id).getByRole('link').click();
  const ladders = amina.movement.root.locator('.ladder-work');
  await expect(ladders).toHaveCount(2);
  const [first, second] = [ladders.filter({ hasText: 'Mike 3' }), ladders.filter({ hasText: 'Mike 2' })];
  await first.getByRole('button', { name: "I'm on it" }).click();
  await expect(first).toContainText('Amina is on it');
  await expect(second.getByRole('button', { name: "I'm on it" }), 'nobody is on the other').toBeVisible();
  await expect(amina.watch.movement(id)).not.toContainText('Amina is on it');
  await second.getByRole('button', { name: "I'm on it" }).click();
  await expect(amina.watch.movement(id)).toContainText('Amina is on it');

  // What settles one settles not the other.
  await second.getByRole('button', { name: 'End the search: say why' }).click();
  await second.getByLabel('How do you know?').fill('They called by satellite phone');
  await second.getByRole('button', { name: 'Settle' }).click();
  await expect(ladders).toHaveCount(1);
  await expect(ladders).toContainText('Mike 3');
});

test('of many that wait the urgent come first, and the others can be had', async ({ join, server }) => {
  test.setTimeout(120_000);
  const idriss = await Writer.enrol(server, 'traveller', 'Idriss');
  const id = await idriss.plan({ name: 'Convoy Mike 2', depart: -60 });
  for (let count = 0; count < 33; count++) await idriss.checkIn(id, 50 - count);
  const helpless = await idriss.checkIn(id, 1, { people: 'need_assistance' });
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  await expect(amina.watch.waiting).toHaveCount(30);
  await expect(amina.watch.waiting.first()).toHaveAttribute('data-record', helpless);
  await amina.page.getByRole('button', { name: 'Show more: 4 wait' }).click();
  await expect(amina.watch.waiting).toHaveCount(34);
});

test('on a wide screen the most pressing row is open, until somebody chooses another', async ({ join, server }) => {
  const idriss = await Writer.enrol(server, 'traveller', 'Idriss');
  const onTime = await idriss.plan({ name: 'Water team', depart: -30 });
  await idriss.checkIn(onTime, 8);
  const late = await idriss.plan({ name: 'Convoy Mike 2', depart: -17 });
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  const { page, watch, movement } = amina;
  await watch.movement(onTime).getByRole('link').focus();
  await expect(movement.root).toHaveAttribute('data-movement', late);
  await expect(watch.movement(late)).toHaveAttribute('data-current', '');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Who is out');
  await expect(watch.movement(onTime).getByRole('link'), 'the focus stays where it was').toBeFocused();
  expect(new URL(page.url()).pathname).toBe('/watch');

  await watch.movement(onTime).getByRole('link').click();
  await expect(movement.root).toHaveAttribute('data-movement', onTime);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Water team');
  // On a phone the list stands alone until something in it is chosen.
  await watch.open();
  await expect(movement.root).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(movement.root).toHaveCount(0);
});

test('an address that leads nowhere says so', async ({ join }) => {
  const amina = await join('manager', 'Amina');
  await amina.page.goto('/movements/01900000-0000-7000-8000-000000000000');
  await expect(amina.page.getByText('This movement is not on this phone')).toBeVisible();
});

/** Who is signed in, out of the app's own store. */
async function readUser(): Promise<{ user: string }> {
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    if (!database.objectStoreNames.contains('meta')) continue;
    const all = database.transaction('meta').objectStore('meta').getAll();
    await new Promise((done) => (all.onsuccess = done));
    const text = JSON.stringify(all.result, (_, value) =>
      value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
    );
    database.close();
    const user = /\\*"user\\*":\\*"([^"\\]+)/.exec(text)?.[1];
    if (user) return { user };
  }
  throw new Error('nobody is signed in');
}
