// The plan of a movement: quick to write, hard to lose, and the same offline.

import { Api } from '../support/api';
import { expect, test } from '../support/fixtures';
import { DESK } from '../support/phone';

test('a plan from nothing is saved with no signal, and reaches the server later', async ({ join, server }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('traveller', 'Idriss');
  await phone.movements.goto();
  await expect(phone.page.getByText('Nobody is out, as far as this phone knows')).toBeVisible();
  await phone.goOffline();
  await phone.page.reload();
  await phone.movements.plan.click();
  const { plan } = phone;
  await plan.essentials('Mike 2');
  await plan.stop(1, 'km').fill('٣٥٫٥');
  await plan.stop(1, 'time').fill('1h15');
  // Told while it is typed: when they arrive, and how far it is.
  await expect(plan.stops.nth(1)).toContainText('arrives 10:15 · km 125.5');
  await expect(plan.headcount).toHaveAttribute('placeholder', '2');
  const id = await plan.saved();
  await expect(phone.shell.toast).toContainText('Plan saved on this phone');
  await phone.movements.goto();
  await expect(phone.movements.row('Mike 2')).toContainText('Abéché → Adré · 1 vehicle, 2 people');
  await expect(phone.movements.row('Mike 2')).toContainText('leaves 4 May, 06:30');
  await expect(phone.movements.open).toHaveCount(1);
  await phone.goOnline();
  await phone.shell.drained();
  const [planned] = (await central.feed()).filter((record) => record.id === id);
  expect(planned?.data).toMatchObject({
    plan: {
      name: 'Mike 2',
      depart: '2030-05-04T05:30:00.000Z',
      headcount: 2,
      legs: [
        { to: { name: 'Farchana' }, km: 90, minutes: 150 },
        { to: { name: 'Adré' }, km: 35.5, minutes: 75 },
      ],
      watch: { interval: 60, grace: 10 },
    },
  });
});

test('a slip of the thumb does not lose a plan, and a departure in the past is pointed out', async ({ join }) => {
  const phone = await join('traveller', 'Idriss');
  const { plan, page } = phone;
  await plan.open();
  await plan.essentials('Mike 2');
  await plan.depart.fill('2020-05-04T06:30');
  await expect(page.getByText('This is in the past')).toBeVisible();
  await phone.draftWritten('2020-05-04');
  await page.reload();
  await expect(plan.name).toHaveValue('Mike 2');
  await page.getByRole('button', { name: 'Clear and start again' }).click();
  await expect(plan.name).toHaveValue('');
  await page.getByRole('button', { name: 'Bring back what was there' }).click();
  await expect(plan.name).toHaveValue('Mike 2');
  await expect(plan.stop(1, 'to')).toHaveValue('Adré');
});

test('an earlier movement is planned again in three taps', async ({ join }) => {
  const { plan, movements, page } = await join('traveller', 'Idriss');
  await plan.open();
  await expect(page.getByText('There is no earlier movement on this phone yet')).toBeVisible();
  await plan.essentials('Mike 2');
  await plan.exercise.check();
  await plan.saved();

  await plan.open();
  await plan.earlier('Mike 2').getByRole('button', { name: 'Mike 2' }).click();
  await expect(plan.depart).toBeFocused();
  await expect(plan.stop(1, 'to')).toHaveValue('Adré');
  await page.getByRole('button', { name: 'Tomorrow, 06:30' }).click();
  await expect(plan.depart).toHaveValue(/T06:30$/);
  await plan.saved();
  await movements.goto();
  await expect(movements.open).toHaveCount(2);
  // A drill says so; its copy is none.
  await expect(movements.open.filter({ hasText: 'Exercise' })).toHaveCount(1);

  await plan.open();
  await plan.earlier('Mike 2').getByRole('button', { name: 'Route only' }).click();
  await expect(plan.name).toBeFocused();
  await expect(plan.name).toHaveValue('');
  await expect(plan.stop(0, 'to')).toHaveValue('Farchana');
  await expect(plan.vehicle(0, 'call_sign')).toHaveValue('');
  await page.getByRole('button', { name: 'Clear and start again' }).click();
  await expect(plan.stops).toHaveCount(1);
  await expect(plan.from).toHaveValue('');
});

test('what is wrong is said at its row, and above all of it', async ({ join }) => {
  const { plan, checkIn, page } = await join('traveller', 'Idriss');
  await plan.open();
  await plan.essentials('Mike 2');
  await plan.name.fill('');
  await plan.stop(1, 'km').fill('many');
  await plan.stop(1, 'time').fill('1:75');
  await plan.addVehicle.click();
  await plan.vehicle(1, 'call_sign').fill('mike 1');
  const means = await plan.unfold('How to reach them');
  await means.getByLabel('Contingency').fill('x'.repeat(121));
  await means.locator('summary').click();
  await plan.save.click();
  await expect(plan.faults).toBeFocused();
  await expect(plan.faults).toContainText('5 things need correcting');
  expect(await checkIn.errorOf(plan.stop(1, 'km'))).toContain('This is not a number.');
  expect(await checkIn.errorOf(plan.stop(1, 'time'))).toContain('Write hours and minutes');
  expect(await checkIn.errorOf(plan.vehicle(1, 'call_sign'))).toContain('This name is used twice.');
  // Nothing that is wrong stays folded away.
  expect(await checkIn.errorOf(means.getByLabel('Contingency'))).toContain('too long');
  await plan.faults.getByRole('link', { name: 'The first: Name' }).click();
  await expect(plan.name).toBeFocused();

  // A row takes its error along.
  await page.getByRole('button', { name: 'Move Adré up' }).click();
  await expect(plan.stop(0, 'km')).toHaveAttribute('aria-invalid', 'true');
  await expect(plan.stop(1, 'km')).not.toHaveAttribute('aria-invalid', 'true');
});

test('rows are moved and removed by keyboard, and keep the focus', async ({ join }) => {
  const { plan, page } = await join('traveller', 'Idriss', DESK);
  await plan.open();
  await plan.essentials('Mike 2');
  const up = page.getByRole('button', { name: 'Move Adré up' });
  await up.focus();
  await page.keyboard.press('Enter');
  await expect(plan.stop(0, 'to')).toHaveValue('Adré');
  await plan.stop(0, 'to').press('End');
  await plan.stop(0, 'to').pressSequentially('!');
  await expect(plan.stop(0, 'to')).toHaveValue('Adré!');
  await page.getByRole('button', { name: 'Remove Adré!' }).focus();
  await page.keyboard.press('Space');
  await expect(plan.stops).toHaveCount(1);
  await expect(plan.stop(0, 'to')).toHaveValue('Farchana');
});

test('a plan that is half written survives a reload, and is gone once it is saved', async ({ join }) => {
  const phone = await join('traveller', 'Idriss');
  const { plan, page } = phone;
  await plan.open();
  await plan.essentials('Mike 2');
  const level = page.getByRole('radio', { name: 'High', exact: true });
  await level.check({ force: true });
  await expect(page.getByText('Check-in every 30 min, 5 min grace')).toBeVisible();
  await plan.exercise.check();
  await phone.draftWritten('"exercise":true');
  await page.reload();
  await expect(plan.name).toHaveValue('Mike 2');
  await expect(plan.stop(1, 'to')).toHaveValue('Adré');
  await expect(plan.depart).toHaveValue('2030-05-04T06:30');
  await expect(level).toBeChecked();
  await expect(plan.exercise).toBeChecked();
  await plan.saved();
  await plan.open();
  await expect(plan.name).toHaveValue('');
  await expect(page.getByText('This is where you left off')).toBeHidden();
});

test('the phone proposes people, and each once', async ({ join }) => {
  const { plan, page } = await join('traveller', 'Idriss');
  await plan.open();
  await plan.vehicle(0, 'people').click();
  await page.getByRole('group', { name: 'People to add' }).getByRole('button', { name: 'Idriss' }).click();
  await expect(plan.vehicle(0, 'people')).toHaveValue('Idriss, ');
  await expect(plan.vehicle(0, 'people')).toBeFocused();
  await expect(page.locator('.name-chip', { hasText: 'Idriss' })).toHaveCount(0);
});

test('sixty vehicles are warned of and can be planned', async ({ join }) => {
  test.setTimeout(120_000);
  const { plan, page, movements } = await join('traveller', 'Idriss', DESK);
  await plan.open();
  await plan.essentials('Long');
  await plan.headcount.fill('1');
  await expect(page.getByText('2 people are named, but only 1 go')).toBeVisible();
  await plan.headcount.fill('120');
  for (let count = 2; count <= 60; count++) {
    await plan.addVehicle.click();
    await plan.vehicle(count - 1, 'call_sign').fill(`Mike ${count}`);
    if (count === 6) await expect(page.getByText('hard to keep together')).toBeHidden();
    if (count === 7) await expect(page.getByText('7 vehicles are hard to keep together')).toBeVisible();
  }
  await expect(page.getByText('60 vehicles are too many for one convoy')).toBeVisible();
  await plan.saved();
  await movements.goto();
  await expect(movements.row('Long')).toContainText('60 vehicles, 120 people');
});

test('two people change one plan at the same time, and both plans are kept', async ({ join, server }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const amina = await join('manager', 'Amina', DESK);
  await amina.plan.open();
  await amina.plan.essentials('Mike 2');
  const id = await amina.plan.saved();
  await amina.shell.drained();
  const moussa = await join('manager', 'Moussa', DESK);
  await moussa.movements.goto();
  await expect(moussa.movements.row('Mike 2')).toBeVisible();

  await amina.plan.revise(id);
  await expect(amina.plan.stop(0, 'km')).toHaveValue('90');
  await moussa.plan.revise(id);
  await moussa.plan.depart.fill('2030-05-04T08:00');
  await moussa.plan.saved();
  await moussa.shell.drained();

  await amina.plan.name.fill('Mike 3');
  const notice = amina.page.getByText('Moussa has changed this plan since you opened it.');
  await expect(notice).toBeVisible({ timeout: 30_000 });
  await expect(amina.page.getByText('in: name and purpose · departure.')).toBeVisible();
  // The draft knows which plan it was made from.
  await amina.draftWritten('Mike 3');
  await amina.page.reload();
  await expect(amina.plan.name).toHaveValue('Mike 3');
  await expect(notice).toBeVisible();
  await amina.plan.saved();
  await amina.shell.drained();
  const revised = (await central.feed()).filter((record) => record.type.includes('movement.revised'));
  expect(revised.map((record) => record.data['replaces'])).toEqual([id, id]);
});

test('the same in Arabic: from right to left, with its own digits', async ({ join }) => {
  const { page, plan, movements } = await join('traveller', 'إدريس');
  await page.evaluate(() => localStorage.setItem('waymark.language', 'ar'));
  await plan.open();
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('تخطيط تحرّك');
  await plan.name.fill('قافلة');
  await plan.from.fill('أبشي');
  await plan.depart.fill('2030-05-04T06:30');
  await plan.stop(0, 'to').fill('أدري');
  await plan.stop(0, 'km').fill('١٢٥');
  await plan.headcount.fill('٣');
  await plan.saved();
  await page.goto('/movements');
  await expect(movements.row('قافلة')).toContainText(/أبشي\u200f? ← \u200f?أدري/);
  await expect(movements.row('قافلة')).toContainText('3 أشخاص');
});

test('the paper of the radio room is all that is printed, and a number keeps its order in Arabic', async ({ join }) => {
  const { page, plan } = await join('traveller', 'Idriss', DESK);
  await plan.open();
  await plan.essentials('Mike 2');
  const means = await plan.unfold('How to reach them');
  await means.getByLabel('Emergency').fill('+8816 3141 5926');
  await plan.saved();
  await page.emulateMedia({ media: 'print' });
  const paper = page.locator('.paper');
  await expect(paper.getByRole('heading', { name: 'Mike 2' })).toBeVisible();
  await expect(paper.getByRole('row', { name: /Farchana.*90.*09:00/ })).toBeVisible();
  await expect(page.getByRole('navigation')).toBeHidden();
  await page.evaluate(() => localStorage.setItem('waymark.language', 'ar'));
  await page.reload();
  const number = paper.getByText('+8816 3141 5926');
  // The first character stands left of the last.
  const order = await number.evaluate((cell) => {
    const at = (offset: number) => {
      const range = document.createRange();
      range.setStart(cell.firstChild as Node, offset);
      range.setEnd(cell.firstChild as Node, offset + 1);
      return range.getBoundingClientRect().left;
    };
    return at(0) < at(14);
  });
  expect(order).toBe(true);
});
