// The check-in form: what is wrong is said at its field, and nothing is saved by half.

import { Api } from '../support/api';
import { expect, test } from '../support/fixtures';
import { Writer } from '../support/writer';

test('nonsense is named at its field, and nothing is saved', async ({ join }) => {
  const phone = await join('traveller', 'Idriss');
  await phone.checkIn.open();
  await phone.checkIn.headcount.fill('many');
  await phone.checkIn.choose('Kilometres');
  await phone.checkIn.note.fill('x'.repeat(2001));
  await phone.checkIn.save.click();
  expect(await phone.checkIn.errorOf(phone.checkIn.headcount)).toContain('This is not a number.');
  expect(await phone.checkIn.errorOf(phone.checkIn.km)).toContain('Please fill this in.');
  expect(await phone.checkIn.errorOf(phone.checkIn.note)).toContain('It is too long: at most');
  await expect(phone.page.getByRole('alert')).toContainText(/not saved.*correct what is marked/i);
  await expect(phone.checkIn.headcount).toHaveValue('many');
  await phone.home.open();
  await expect(phone.home.rows.all).toHaveCount(0);
});

test('what is corrected is saved, with everything that was said', async ({ server, join }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('traveller', 'Idriss');
  await phone.checkIn.open();
  await phone.checkIn.headcount.fill('6,5');
  await phone.checkIn.save.click();
  expect(await phone.checkIn.errorOf(phone.checkIn.headcount)).toContain('This is not a number.');
  // Arabic-Indic digits, as a phone in Arabic types them.
  await phone.checkIn.headcount.fill('٦');
  await phone.checkIn.choose('Arrived');
  await phone.checkIn.choose('Not safe');
  await phone.checkIn.choose('Kilometres');
  await phone.checkIn.km.fill('62,5');
  await phone.checkIn.note.fill('Bridge at Bitkine');
  await phone.checkIn.save.click();
  await expect(phone.checkIn.receipt).toHaveAttribute('data-state', 'stored');
  const [made] = (await central.feed()).filter((record) => record.type.includes('checkin.made'));
  expect(made?.data).toEqual({
    checkin: 'arrived',
    people: 'not_safe',
    headcount: 6,
    position: { source: 'odometer', km: 62.5 },
    note: 'Bridge at Bitkine',
  });
});

test('until a check-in gets through, the phone says by when the base expects one', async ({ join, server }) => {
  const phone = await join('traveller', 'Idriss');
  await phone.installed();
  const base = await Writer.enrol(server, 'manager', 'Radio room');
  const id = await base.plan({ name: 'Convoy Mike 2', depart: -80, more: { leader: await base.colleague('Idriss') } });
  await base.checkIn(id, 20, { relayed: { via: 'HF', said_by: 'Idriss' } });
  const { home, movement, checkIn, page } = phone;
  const expects = page.locator('[data-part=at-base]');
  await home.open();
  // Towards midnight the day stands before the time.
  const next = /Next check-in (.*\d\d:\d\d), in (3\d|40) min/;
  await expect(home.movement).toContainText(next);
  const before = next.exec(await home.movement.innerText())?.[1] ?? '';
  await expect(expects).toBeEmpty();

  await phone.goOffline();
  await checkIn.open();
  await checkIn.save.click();
  await expect(checkIn.receipt).toContainText(/Next check-in .*\d\d:\d\d, in (59|60) min/);
  const said = `The base has not heard this yet. Until it does, as far as this phone knows, it expects a check-in by ${before}.`;
  await expect(expects).toHaveText(said);
  await movement.open(id);
  await expect(expects).toHaveText(said);
  await home.open();
  await expect(expects).toHaveText(`The base still expects one by ${before}.`);
  await expect.poll(() => home.emergency.evaluate(isUnderTheThumb), 'without scrolling').toBe(true);
  await expect(home.movement).toContainText(/Next check-in .*\d\d:\d\d, in (59|60) min/);

  await phone.goOnline();
  await phone.newNetwork();
  await phone.shell.drained();
  await expect(expects).toBeEmpty();
});

/** Nothing stands over its middle, and it is on the screen. */
function isUnderTheThumb(button: Element): boolean {
  const { left, top, width, height } = button.getBoundingClientRect();
  return button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}
