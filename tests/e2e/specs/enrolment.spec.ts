// Joining, and what it says when it does not work.

import { problem } from '../support/faults';
import { expect, test } from '../support/fixtures';
import type { Phone } from '../support/phone';

const NO = /This code does not work: it is mistyped, used or expired\./;

async function refusedWords(phone: Phone, code: string): Promise<string> {
  await phone.enrol.open();
  await phone.enrol.fill(code, 'Idriss');
  await phone.enrol.join.click();
  await expect(phone.enrol.fault).toContainText(NO);
  await expect(phone.enrol.code, 'what was typed is kept').toHaveValue(code);
  return phone.enrol.fault.innerText();
}

test('wrong, nonsense, used: the same words', async ({ join, newPhone, server }) => {
  const used = await server.code('traveller');
  const first = await newPhone();
  await first.join(used, 'Hawa');
  const phone = await newPhone();
  const words = new Set<string>();
  for (const code of ['0000-0000-0000', 'hello', used]) words.add(await refusedWords(phone, code));
  expect(words.size).toBe(1);
  expect((await join('traveller', 'Moussa')).page.url(), 'a good one still works').not.toContain('enrol');
});

test('too many tries: told to wait, and how long', async ({ newPhone }) => {
  const phone = await newPhone();
  await phone.enrol.open();
  await phone.enrol.fill('0000-0000-0000', 'Idriss');
  const wait = phone.enrol.fault.filter({ hasText: /Too many tries\. Wait \d+ min/ });
  await expect(async () => {
    await phone.enrol.join.click();
    await expect(wait).toBeVisible({ timeout: 200 });
  }).toPass({ intervals: [50] });
});

test('the server says how long to wait', async ({ newPhone, network }) => {
  const phone = await newPhone();
  await phone.enrol.open();
  network.fault('/api/v1/enrol', problem(429, 'too_many_requests', 'slow down', { 'retry-after': '300' }));
  await phone.enrol.fill('0000-0000-0000', 'Idriss');
  await phone.enrol.join.click();
  await expect(phone.enrol.fault).toContainText('Too many tries. Wait 5 min');
});

test('offline, and nothing filled in', async ({ newPhone }) => {
  const phone = await newPhone();
  await phone.enrol.open();
  await phone.enrol.join.click();
  await expect(phone.enrol.code).toHaveAttribute('aria-invalid', 'true');
  await expect(phone.enrol.name).toHaveAttribute('aria-invalid', 'true');
  await phone.goOffline();
  await phone.enrol.fill('0000-0000-0000', 'Idriss');
  await phone.enrol.join.click();
  await expect(phone.enrol.fault).toContainText('You are offline. Joining needs a network once');
});

test('any spelling of a code works', async ({ newPhone, server }) => {
  const phone = await newPhone();
  await phone.enrol.open();
  const code = await server.code('traveller');
  await phone.enrol.fill(` ${code.toLowerCase().replaceAll('-', ' ')} `, 'Idriss');
  await phone.enrol.join.click();
  await expect(phone.home.safe).toBeVisible();
});

test('a link opened on the enrolment page fills in its code', async ({ newPhone, server }) => {
  const phone = await newPhone();
  await phone.enrol.open();
  const code = await server.code('traveller');
  // Only the fragment changes: the browser does not load the page again.
  await phone.enrol.open(code);
  await expect(phone.enrol.code).toHaveValue(code);
});
