// Records by hand: a team without a network, and whoever goes to where there is one.

import AxeBuilder from '@axe-core/playwright';
import { Api } from '../support/api';
import { expect, test } from '../support/fixtures';
import { overflowing, smallTargets } from '../support/layout';
import { DESK, type Phone } from '../support/phone';
import { show } from '../support/scene';

/** Known to the server, and from now on without a network. */
async function alone(phone: Phone): Promise<void> {
  await phone.installed();
  await phone.carry.certified();
  await phone.goOffline();
}

async function checkIn(phone: Phone, note: string): Promise<void> {
  await phone.checkIn.open();
  await phone.checkIn.note.fill(note);
  await phone.checkIn.save.click();
  await expect(phone.checkIn.receipt).toHaveAttribute('data-state', 'queued');
}

test('two browsers that have no network confirm each other’s records by files', async ({ join }) => {
  const [idriss, amina] = [await join('traveller', 'Idriss'), await join('manager', 'Amina', DESK)];
  await alone(idriss);
  await alone(amina);
  await checkIn(idriss, 'At the bridge');
  await idriss.carry.open();
  await idriss.carry.shows(1, 0, 0);
  const out = await idriss.carry.file();
  expect(out).toContain('At the bridge');

  await amina.carry.open();
  await amina.carry.drop(out);
  await expect(amina.carry.outcome).toContainText('1 new record is on this phone.');
  await expect(amina.carry.carried).toContainText('Idriss');
  await amina.carry.shows(0, 1, 0);
  await amina.carry.takeIn(out);
  await expect(amina.carry.outcome).toContainText('There is nothing new in it.');
  await amina.watch.open();
  await amina.watch.confirm(amina.watch.waiting.first());
  await expect(amina.watch.rows.in('confirmed')).toHaveCount(1);
  await amina.carry.open();
  // That she has seen it, and that she confirms it.
  await amina.carry.shows(2, 1, 0);
  const back = await amina.carry.file();

  await idriss.carry.open();
  await idriss.carry.takeIn(back);
  await expect(idriss.carry.outcome).toContainText('2 new records are on this phone.');
  await idriss.records.open();
  await expect(idriss.records.rows.all.first()).toHaveAttribute('data-state', 'confirmed');
  await expect(idriss.records.rows.all.first()).toContainText('Amina');
  // No server has it: the phone keeps its own, and sends it when it can.
  await expect(idriss.shell.root).toHaveAttribute('data-sync', 'offline');
  await idriss.carry.open();
  await idriss.carry.shows(1, 2, 0);
});

test('a leader carries records to the server and its signed answer back', async ({ server, join }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const [idriss, leader] = [await join('traveller', 'Idriss'), await join('traveller', 'Moussa')];
  await alone(idriss);
  await alone(leader);
  await checkIn(idriss, 'Kept apart');
  await idriss.carry.open();
  const out = await idriss.carry.file();
  await leader.carry.open();
  await leader.carry.takeIn(out);
  await expect(leader.carry.outcome).toContainText('1 record is carried and not shown: it is not for you.');
  await leader.records.open();
  await expect(leader.records.rows.all).toHaveCount(0);

  await leader.carry.open();
  await leader.goOnline();
  await expect(leader.carry.carried).toHaveCount(0);
  await expect(leader.carry.answered).toContainText('Idriss');
  const made = (await central.feed()).filter((record) => record.type.includes('checkin.made'));
  expect(made.map((record) => record.data?.note)).toEqual(['Kept apart']);
  await leader.goOffline();
  const back = await leader.carry.file();

  // Nobody makes such an answer themselves.
  await idriss.carry.open();
  await idriss.carry.takeIn(back.replaceAll('accepted', 'duplicate'));
  await expect(idriss.carry.outcome).toContainText('There is nothing new in it.');
  await idriss.carry.takeIn(back);
  await expect(idriss.carry.outcome).toContainText('The server has 1 record of yours: it is sent.');
  await idriss.carry.shows(0, 0, 0);
  await idriss.records.open();
  await expect(idriss.records.rows.all.first()).toHaveAttribute('data-state', 'stored');
});

test('what was changed, cut short or is of somebody else is refused in words, and nothing of it is taken', async ({
  server,
  join,
  newPhone,
}) => {
  const [idriss, amina] = [await join('traveller', 'Idriss'), await join('manager', 'Amina')];
  await server.organisation('other', 'Other');
  const foreign = await newPhone();
  await foreign.join(await server.code('manager', { org: 'other' }), 'Foreign');
  for (const phone of [idriss, amina, foreign]) await alone(phone);
  await checkIn(idriss, 'At the bridge');
  await idriss.carry.open();
  const out = await idriss.carry.file();
  await amina.carry.open();
  const wrong: [string, string, RegExp][] = [
    [out.replace('At the bridge', 'At the market'), 'changed', /What Idriss wrote was changed on the way/],
    [out.slice(0, -40), 'truncated', /breaks off before its end/],
    ['{"hello":1}', 'not_a_bundle', /no file of Carry by hand/],
    [out.replace('"version":1', '"version":2'), 'newer_version', /newer version/],
    ['x'.repeat(5_000_000), 'too_large', /too large/],
  ];
  for (const [text, code, words] of wrong) {
    await amina.carry.takeIn(text);
    await expect(amina.carry.outcome).toContainText(words);
    expect(await amina.carry.trouble()).toBe(code);
  }
  await amina.carry.open();
  await amina.carry.shows(0, 0, 0);
  await foreign.carry.open();
  await foreign.carry.takeIn(out);
  await expect(foreign.carry.outcome).toContainText('The file is of another organisation.');
});

test('a phone that no server has vouched for is known by its key, compared by voice', async ({ network, join }) => {
  // An older server does not know of keys.
  network.fault('/api/v1/device-key', async () => ({ status: 404, headers: {}, body: Buffer.alloc(0) }));
  const [idriss, amina] = [await join('traveller', 'Idriss'), await join('manager', 'Amina')];
  for (const phone of [idriss, amina]) {
    await phone.goOffline();
  }
  await checkIn(idriss, 'At the bridge');
  await idriss.carry.open();
  const key = await idriss.page.locator('.carry-key').textContent();
  const out = await idriss.carry.file();
  await amina.carry.open();
  await amina.carry.takeIn(out);
  await expect(amina.carry.strangers).toContainText('Idriss');
  await expect(amina.carry.strangers).toContainText(key ?? '?');
  await amina.carry.shows(0, 0, 0);
  await amina.page.getByRole('button', { name: 'The keys are the same' }).click();
  await expect(amina.carry.outcome).toContainText('1 new record is on this phone.');
  await checkIn(idriss, 'At the market');
  await idriss.carry.open();
  await amina.carry.takeIn(await idriss.carry.file());
  await expect(amina.carry.outcome).toContainText('1 new record is on this phone. 1 was here already.');
});

// Chromium on Linux has no reader of codes: one is stood in for it here, which is told what a reader of the tests' own has read off
// the other screen. The camera is Chromium's own false one. What phones read is tried natively (core/src/carry/qr.rs).
test('codes on one screen are read by another, wherever it begins and whatever it misses', async ({ join }) => {
  const [idriss, amina] = [await join('traveller', 'Idriss'), await join('manager', 'Amina')];
  await amina.context.addInitScript(() => {
    const inSight: string[] = [];
    const detect = () => Promise.resolve(inSight.splice(0).map((rawValue) => ({ rawValue })));
    Object.assign(window, { inSight, BarcodeDetector: class { detect = detect; } });
  });
  await amina.context.grantPermissions(['camera']);
  for (const phone of [idriss, amina]) await alone(phone);
  for (const note of ['At the bridge', 'At the market', 'At the clinic']) await checkIn(idriss, note);
  await idriss.carry.open();
  await idriss.carry.showCodes();
  const least = Number(await idriss.page.locator('[data-part=codes]').getAttribute('data-least'));
  expect(least).toBeGreaterThan(3);

  await amina.carry.open();
  await amina.page.getByRole('button', { name: 'Scan QR codes' }).click();
  const seen = new Set<string>();
  for (let look = 0; !(await amina.carry.outcome.textContent()) && look < 400; look += 1) {
    const code = await idriss.carry.code();
    // Every third one is missed.
    if (!seen.has(code) && seen.add(code).size % 3 !== 0) {
      await amina.page.evaluate((code) => void (window as unknown as { inSight: string[] }).inSight.push(code), code);
      if (seen.size === 2) await expect(amina.page.locator('[data-part=scan]')).toContainText(/of \d+ parts/);
    }
    await idriss.page.waitForTimeout(100);
  }
  await expect(amina.carry.outcome).toContainText('3 new records are on this phone.');
  await expect(amina.page.locator('[data-part=scan]')).toHaveCount(0);
  expect(seen.size).toBeGreaterThan(least);
});

test('a browser that cannot scan says so, and what to do', async ({ join }) => {
  const phone = await join('traveller', 'Idriss');
  await phone.carry.open();
  await phone.page.getByRole('button', { name: 'Scan QR codes' }).click();
  await expect(phone.page.locator('[data-part=scan]')).toContainText('This browser does not read QR codes');
});

test('it is for everybody: axe finds nothing, and a narrow screen has room for it', async ({ join }) => {
  test.setTimeout(400_000);
  const [idriss, amina] = [await join('traveller', 'Idriss'), await join('manager', 'Amina')];
  for (const phone of [idriss, amina]) await alone(phone);
  await checkIn(idriss, 'At the bridge');
  await idriss.carry.open();
  const out = await idriss.carry.file();
  await amina.carry.open();
  await amina.carry.takeIn(out);
  await expect(amina.carry.carried).toHaveCount(1);
  const { page } = amina;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const before = async () => {
    await amina.carry.takeIn(out.slice(0, -40));
    await expect(amina.carry.outcome.locator('[data-trouble]')).toBeVisible();
    await page.locator('[data-part=give] .btn').last().click();
    await expect(page.locator('.carry-code')).toBeVisible();
    await page.locator('main summary').click();
  };
  for (const theme of ['light', 'dark', 'sun']) {
    for (const language of ['en', 'fr', 'es', 'ar']) {
      await page.setViewportSize({ width: 320, height: 640 });
      await show({ name: 'carry', phone: amina, path: '/carry', before }, language, theme);
      const where = `${language}, ${theme}`;
      expect.soft(await page.evaluate(overflowing), where).toEqual([]);
      expect.soft(await page.evaluate(smallTargets), where).toEqual([]);
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      expect.soft(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`), where).toEqual([]);
    }
  }
});
