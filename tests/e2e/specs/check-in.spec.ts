// The check-in form: what is wrong is said at its field, and nothing is saved by half.

import { Api } from '../support/api';
import { expect, test } from '../support/fixtures';

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
