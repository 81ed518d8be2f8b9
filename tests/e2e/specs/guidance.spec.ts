// Somebody at a checkpoint with ten seconds, a guard with a caller on the line, a driver the evening before.

import { expect, test } from '../support/fixtures';
import { DESK } from '../support/phone';
import { Writer } from '../support/writer';

test('in aeroplane mode every card opens in four languages', async ({ join }) => {
  test.setTimeout(600_000);
  const phone = await join('traveller', 'Idriss');
  await phone.goOffline();
  const { guidance, page } = phone;
  await guidance.open();
  const ids = await guidance.ids();
  expect(ids.length).toBeGreaterThanOrEqual(60);
  for (const id of ids) {
    await guidance.open(id);
    for (const language of ['fr', 'es', 'ar', 'en']) {
      await guidance.speak(language);
      const now = page.locator('.guide-now');
      await expect(now).toHaveAttribute('lang', language);
      expect.soft(await guidance.steps.count(), `${id}, ${language}`).toBeGreaterThanOrEqual(3);
    }
  }
});

test('a word in any script finds its card while it is typed', async ({ join }) => {
  const { guidance } = await join('traveller', 'Idriss');
  await guidance.open();
  for (const [query, id] of [
    ['hijack', 'carjacking'],
    ['chekpoint', 'checkpoint'],
    ['حاجز', 'checkpoint'],
    ['secuestro', 'abduction'],
    ['saignement', 'bleeding'],
    ['METHANE', 'methane'],
  ] as const) {
    await guidance.find.fill(query);
    await expect(guidance.found.and(guidance.found.page().locator(`[data-card="${id}"]`)), query).toBeVisible();
  }
  await guidance.find.fill('حاجز');
  await expect(guidance.found.first()).toContainText('العربية');
  await guidance.find.fill('zzzzzz');
  await expect(guidance.found).toHaveCount(0);
  await expect(guidance.find.page().getByRole('status').filter({ hasText: 'Nothing found' })).toBeVisible();
  for (const text of ['<img src=x onerror=alert(1)>', '((((', 'a'.repeat(10_000), '🚗 🚗']) await guidance.find.fill(text);
  await guidance.find.fill('fire');
  await expect(guidance.found.first()).toBeVisible();
});

test('checklists and plans are found beside the cards, and few at first', async ({ join }) => {
  const { guidance, checklist, page } = await join('traveller', 'Idriss');
  const link = (address: string) => page.locator(`.row a[href="${address}"]`);
  await guidance.open();
  await guidance.find.fill('c');
  await expect(guidance.found).toHaveCount(8);
  await page.getByRole('button', { name: 'Show more' }).tap();
  await expect.poll(() => guidance.found.count()).toBeGreaterThan(8);
  await guidance.find.fill('ca');
  await expect(guidance.found).toHaveCount(8);
  await guidance.find.fill('plan de evacuación');
  const plan = guidance.found.filter({ has: page.locator('a[href="/plans/evacuation"]') });
  await expect(plan).toContainText('Contingency plan');
  await link('/plans/evacuation').tap();
  await expect(page.locator('article.guide h1')).toHaveText('Evacuation');
  await guidance.open();
  await guidance.find.fill('spare wheel');
  await link('/checklists/vehicle').tap();
  await expect(checklist.rows.first()).toBeVisible();
});

test('the right card comes unasked, and the form stays', async ({ join }) => {
  const { guidance, report, checkIn, home, page } = await join('reporter', 'Fatimé');
  // A threat by telephone.
  await report.open('threat');
  await report.choose('channel', 'call');
  await expect.poll(() => guidance.offered()).toContain('threat-call');
  await report.fill({ words: 'Leave' });
  await guidance.offers.first().tap();
  await expect(guidance.offer).toContainText('Telephone call');
  await expect(report.field('words')).toHaveValue('Leave');
  expect((await guidance.offered()).length).toBeLessThanOrEqual(5);
  // A checkpoint.
  await checkIn.open();
  await checkIn.choose('Checkpoint');
  await expect.poll(() => guidance.offered()).toContain('checkpoint');
  // Somebody who is hurt.
  await report.open('incident');
  await report.choose('help', 'medical');
  await expect.poll(() => guidance.offered()).toEqual(expect.arrayContaining(['bleeding', 'methane']));
  // An emergency.
  await home.open();
  await home.holdEmergency(2_300);
  await expect.poll(() => guidance.offered()).toContain('emergency');
  await page.locator('.offer-line [data-card="emergency"]').tap();
  await expect(page.locator('#f-speak-who, [id^="f-speak-"]').first()).toBeVisible();
});

test('what is read out is filled in with what the phone knows', async ({ join }) => {
  const { guidance, page } = await join('traveller', 'Idriss', {
    ...DESK,
    permissions: ['geolocation'],
    geolocation: { latitude: 13.55, longitude: 21.93, accuracy: 12 },
  });
  await guidance.open('methane');
  await expect(page.locator('#f-speak-call')).toHaveValue(/Idriss/);
  await expect(page.locator('#f-speak-time')).toHaveValue(/^\d\d:\d\d$/);
  await expect(page.locator('#f-speak-e1')).toHaveValue(/13\.55\d*, 21\.93/);
  await guidance.open('phonetic');
  await expect(guidance.card).toContainText('Foxtrot');
});

test('who is trained and which plan was practised is recorded, and what runs out is told', async ({ join }) => {
  const { page, report, shell } = await join('security', 'Zenaba', DESK);
  await page.goto('/checklists');
  const plan = page.locator('[data-part=drills] [data-plan=evacuation]');
  await expect(plan).toHaveAttribute('data-standing', 'overdue');
  await plan.getByRole('link', { name: 'Record a drill' }).click();
  await expect(report.field('plan'), 'known by the way here').toHaveCount(0);
  await expect(report.field('title')).not.toHaveValue('');
  await report.fill({ name: 'Abéché', lessons: 'Nobody had the keys' });
  await report.choose('drill_kind', 'live');
  await report.choose('result', 'partly');
  await report.saved();
  await page.goto('/report/training');
  await report.fill({ person: 'Idriss', expires: '2020-01-31' });
  await page.locator('#f-course').selectOption('first_aid');
  await report.saved();
  await shell.drained();
  await page.goto('/checklists');
  await expect(plan).toHaveAttribute('data-standing', 'good');
  const training = page.locator('[data-part=training] li');
  await expect(training).toContainText('Idriss · First aid');
  await expect(training).toHaveAttribute('data-standing', 'overdue');
});

test('a checklist that was gone through offline stands before the movement and in the decision', async ({ join, server }) => {
  test.setTimeout(120_000);
  const base = await Writer.enrol(server, 'security', 'Radio room');
  const from = { name: 'Abéché', at: [13.83, 20.83] as [number, number] };
  const legs = [{ to: { name: 'Adré', at: [13.47, 22.2] as [number, number] }, km: 165, minutes: 240 }];
  const movement = await base.plan({ name: 'Clinic run', depart: 60, from, legs });
  const amina = await join('security', 'Amina', DESK);
  const { checklist, page } = amina;
  await page.goto(`/movements/${movement}`);
  const checks = page.locator('[data-part=checks] li');
  await expect(checks.first()).toHaveAttribute('data-state', 'missing');
  await amina.goOffline();
  await checks.and(page.locator('[data-check=convoy]')).getByRole('link').last().click();
  await expect(checklist.rows.first()).toBeVisible();
  // Nothing is saved while a point has no answer, and what was answered survives the page.
  const count = await checklist.rows.count();
  await checklist.answer(0, 'gaps');
  await checklist.save.click();
  await expect(checklist.left).toContainText(`${count - 1}`);
  await expect(checklist.rows.nth(1)).toBeFocused();
  for (let row = 1; row < count; row++) await checklist.answer(row, row % 5 ? 'met' : 'skipped');
  const last = (await checklist.rows.last().getAttribute('id')) ?? '';
  await amina.draftWritten(last.replace('f-', ''));
  await page.reload();
  await expect(checklist.rows.nth(0)).toHaveAttribute('data-answer', 'gaps');
  await checklist.save.click();
  await expect(checklist.receipt).toContainText('1 point is missing');
  await checklist.receipt.getByRole('link', { name: 'Open an action' }).click();
  const missing = page.locator('[data-part=missing-points]');
  await missing.getByRole('link', { name: 'Open an action' }).first().click();
  await expect(page.locator('#f-what'), 'each point is an action of its own').toHaveValue(/: ./);
  await expect(page.locator('#f-action')).toHaveValue('protection_upgrade');
  await amina.goOnline();
  await amina.shell.drained();
  await page.goto(`/movements/${movement}`);
  await expect(checks.and(page.locator('[data-check=convoy]'))).toHaveAttribute('data-state', 'gaps');
  // Whoever asks in March what was known finds it.
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.locator('[name=decision][value=go]').check({ force: true });
  await page.locator('#f-reason').fill('The gap is closed on the way');
  await page.locator('.work .btn[data-tone=accent]').click();
  const known = page.locator('[data-part=known]').first();
  await known.locator('summary').click();
  await expect(known).toContainText('Clinic run: Points are missing');
  // And by when the base had heard from others: what they wrote since was not known.
  await known.locator('[data-part=phones] summary').click();
  await expect(known.locator('[data-part=phones] li').first()).toContainText(/Radio room: (\d+ \w+, )?\d\d:\d\d/);
});
