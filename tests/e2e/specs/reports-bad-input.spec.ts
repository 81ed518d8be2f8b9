// Reports as people write them, and as nobody should: too long, in any script, with markup, at impossible times, dangerous
// to whoever said it.

import { Api } from '../support/api';
import { expect, test } from '../support/fixtures';
import { DESK, PHONE, type Phone } from '../support/phone';
import { at, Writer } from '../support/writer';

/** Right to left, left to right, a picture of more than one code point, marks of direction: 40 characters. */
const MIXED = 'لا تأتوا \u2067يوم\u2069 Don’t come! Не надо 👩🏽‍⚕️🚫\u200f ';
const LIMIT = 10_000;
/** Counted as people count for a limit: code points. */
const long = (count: number) => [...MIXED.repeat(LIMIT)].slice(0, count).join('');

test('ten thousand characters of any script are kept and shown as they are, and not one more', async ({ join, server }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const { report, item, shell, page } = await join('reporter', 'Fatimé');
  await report.open('threat');
  const words = `${long(LIMIT - 1)}!`;
  await report.field('words').fill(`${words}!`);
  await report.save.click();
  expect(await report.errorOf('words')).toContain('It is too long: at most 10,000 characters');
  await expect(report.field('words')).toBeFocused();
  await expect(report.field('words')).toHaveValue(`${words}!`);
  await page.reload();
  await expect(report.field('words'), 'also in the draft').toHaveValue(`${words}!`);

  await report.field('words').fill(words);
  const id = await report.saved();
  await item.open(id);
  const shown = item.sayings.first();
  await expect(shown).toHaveAttribute('dir', 'auto');
  expect(await shown.evaluate((element) => element.textContent)).toBe(words);
  await shell.drained();
  const held = (await central.feed()).find((record) => record.id === id);
  expect(held?.data['words']).toBe(words);
});

test('what cannot be is named at its field, and an empty form leads to its first question', async ({ join }) => {
  const { report } = await join('reporter', 'Fatimé');
  await report.open('threat');
  await report.save.click();
  await expect(report.field('words')).toBeFocused();
  expect(await report.errorOf('words')).toContain('Please fill this in.');
  await expect(report.fault).toContainText('Not saved yet');

  await report.field('words').fill('Leave');
  for (const [moment, said] of [
    ['1970-01-01T00:00', 'Write a day and a time of this century.'],
    ['2099-01-01T12:00', 'This has not happened yet'],
  ] as const) {
    await report.field('happened').fill(moment);
    await report.save.click();
    await expect(report.field('happened')).toBeFocused();
    expect(await report.errorOf('happened')).toContain(said);
  }
  await report.field('happened').fill('');
  await report.saved();

  // The first question of this one is a choice.
  await report.open('heard');
  await report.save.click();
  expect(await report.errorOf('feedback')).toContain('Please fill this in.');
  await expect(report.field('feedback')).toBeFocused();
});

test('markup in any text is text', async ({ join, server }) => {
  const evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"\'>&lt;b&gt;';
  const zenaba = await join('security', 'Zenaba', DESK);
  const { report, item, threats, map, page } = zenaba;
  await report.open('threat');
  await report.unfold();
  await report.choose('channel', 'call');
  for (const name of ['words', 'summary', 'target_name', 'place', 'language', 'translation', 'recipient', 'speaker']) {
    await report.field(name).fill(`${name} ${evil}`);
  }
  const id = await report.saved();
  const other = await Writer.enrol(server, 'manager', evil.slice(0, 60));
  const spot = { name: evil, at: [13.5, 22] };
  const heard = await other.report('community.heard', { feedback: evil, words: evil, place: spot, language: evil });
  await other.report('link.made', { from: heard, to: id, relation: evil, note: evil });
  await other.report('threat.evaluated', { record: id, source: evil, conclusion: evil });

  await item.open(id);
  await expect(item.sayings.first()).toHaveText(`words ${evil}`);
  await expect(item.evaluations).toContainText(evil);
  await expect(item.nodes).toHaveCount(2);
  await threats.goto();
  await expect(threats.row(id)).toContainText(evil);
  await zenaba.sectors.open('community');
  await expect(zenaba.sectors.item(heard)).toContainText(evil);
  await map.open();
  await expect(map.mark(heard)).toHaveAttribute('aria-label', new RegExp('<img src=x'));
  for (const path of [`/records/${id}`, `/records/${heard}`, '/threats', '/sectors', '/map', '/records', '/watch']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    expect(await page.evaluate(() => 'hacked' in window), path).toBe(false);
    expect(await page.locator('main img, main script').count(), path).toBe(0);
  }
});

test('a sensitive report has no names and no exact place, and reaches those alone who may read it', async ({
  join,
  server,
}) => {
  test.setTimeout(120_000);
  const feeds: Record<string, Api> = {};
  for (const role of ['traveller', 'reporter', 'manager', 'security', 'central'] as const) {
    feeds[role] = await Api.enrol(server, role, `API ${role}`);
  }
  const position = { latitude: 13.5512, longitude: 21.9349, accuracy: 8 };
  const fatime = await join('reporter', 'Fatimé', { ...PHONE, permissions: ['geolocation'], geolocation: position });
  const { report } = fatime;
  await report.open('threat');
  await report.unfold();
  // Typed before it is marked: it goes all the same.
  await report.fill({ speaker: 'Elder Brahim', witnesses: 'His son Adoum', recipient: 'Nurse Halimé' });
  await report.sensitive();
  for (const name of ['speaker', 'witnesses', 'recipient']) await expect(report.field(name)).toHaveCount(0);
  await report.fill({ words: 'They watch the clinic', place: 'Assoungha' });
  await fatime.page.getByRole('button', { name: /Use this phone.s position/ }).tap();
  await expect(fatime.page.getByText('With this phone’s position')).toBeVisible();
  const id = await report.saved();
  await fatime.shell.drained();

  const sees: Record<string, boolean> = {};
  for (const [role, api] of Object.entries(feeds)) sees[role] = (await api.feed()).some((one) => one.id === id);
  expect(sees).toEqual({ traveller: false, reporter: false, manager: false, security: true, central: true });
  const held = (await feeds['central']!.feed()).find((record) => record.id === id);
  expect(held?.['protected']).toBe(true);
  expect(JSON.stringify(held)).not.toMatch(/Brahim|Adoum|Halimé|13\.55|21\.93/);
  expect(held?.data['place']).toEqual({ name: 'Assoungha', at: [13.6, 21.9], coarse: true });

  await screensByRole(await join('manager', 'Amina', DESK), await join('security', 'Zenaba', DESK), id, server);
});

/** What the one has on every screen, the other has on none. */
async function screensByRole(
  amina: Phone,
  zenaba: Phone,
  id: string,
  server: Parameters<typeof Writer.enrol>[0],
): Promise<void> {
  const base = await Writer.enrol(server, 'manager', 'Radio room');
  const place = { name: 'Assoungha', at: [13.6, 21.9] as [number, number] };
  const way = await base.plan({ name: 'Clinic run', depart: 600, from: 'Abéché', legs: [{ to: place, km: 90, minutes: 120 }] });
  const open = await base.report('threat.reported', { words: 'Said in the open', place }, 5);
  for (const [phone, has] of [
    [zenaba, 1],
    [amina, 0],
  ] as const) {
    const { threats, movement, map, records, sectors, item, page } = phone;
    await threats.goto();
    await expect(threats.row(open), 'what is not sensitive').toBeVisible();
    await expect(threats.row(id)).toHaveCount(has);
    await expect(threats.count('Open')).toHaveText(String(1 + has));
    await movement.open(way);
    await expect(movement.go.locator(`[data-item="${open}"]`)).toBeVisible();
    await expect(movement.go.locator(`[data-item="${id}"]`)).toHaveCount(has);
    await map.open();
    await expect(map.mark(open)).toBeVisible();
    await expect(map.mark(id)).toHaveCount(has);
    await sectors.open();
    await expect(sectors.volume('community')).toHaveText(String(1 + has));
    await records.open();
    await expect(records.rows.row(id)).toHaveCount(has);
    await page.goto(`/records/${id}`);
    if (has) await expect(item.sayings.first()).toHaveText('They watch the clinic');
    else await expect(page.getByText('This record is not on this phone')).toBeVisible();
  }
  const mark = zenaba.map;
  await mark.open();
  await expect(mark.mark(id), 'an area and not a point').toHaveAttribute('data-coarse', '');
}

test('links in a circle come to an end', async ({ join, server }) => {
  const base = await Writer.enrol(server, 'manager', 'Radio room');
  const ids: string[] = [];
  for (const words of ['one', 'two', 'three']) ids.push(await base.report('threat.reported', { words }));
  for (const [at, from] of ids.entries()) {
    await base.report('link.made', { from, to: ids[(at + 1) % ids.length], relation: 'led_to' });
  }
  const { item, threats } = await join('security', 'Zenaba', DESK);
  await item.open(ids[0] ?? '');
  await expect(item.nodes).toHaveCount(3);
  await expect(item.story).toHaveCount(3);
  await expect(item.joined).toHaveCount(2);
  await threats.goto();
  await expect(threats.open).toHaveCount(3);
});

test('an evaluation by whoever reported the threat says so', async ({ join, server }) => {
  const own = await Writer.enrol(server, 'traveller', 'Issa');
  const other = await Writer.enrol(server, 'manager', 'Oumar');
  const threat = await own.report('threat.reported', { words: 'Leave', deadline: at(600) });
  await own.report('threat.evaluated', { record: threat, source: 'A', likelihood: 5, impact: 5 });
  await other.report('threat.evaluated', { record: threat, source: 'E', likelihood: 1, impact: 2 });
  await other.report('threat.evaluated', { record: threat, source: 'D', likelihood: 2, impact: 2 });
  const { item } = await join('security', 'Zenaba', DESK);
  await item.open(threat, '/threats');
  await expect(item.evaluations).toHaveCount(3);
  await expect(item.evaluations.filter({ hasText: 'reported it' })).toContainText('Issa');
  await expect(item.evaluations.filter({ hasText: 'judged again later' })).toContainText('E · Unreliable');
});

test('a report saved while the server is dead arrives once it is back', async ({ join, server }) => {
  const phone = await join('reporter', 'Fatimé');
  const central = await Api.enrol(server, 'central', 'HQ');
  await phone.report.open('incident');
  await server.kill();
  await phone.report.field('what').fill('A grenade was found at the gate');
  const id = await phone.report.saved();
  await expect(phone.report.receipt).toContainText('Saved on this phone');
  await expect(phone.report.receipt).toHaveAttribute('data-state', 'queued');
  await server.start();
  await phone.newNetwork();
  await phone.shell.drained();
  await expect(phone.report.receipt).toHaveAttribute('data-state', 'stored');
  expect((await central.feed()).filter((record) => record.id === id)).toHaveLength(1);
});
