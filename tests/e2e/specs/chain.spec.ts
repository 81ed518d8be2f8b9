// The three people: a nurse hears a warning, a guard a threat, and the security focal point brings the two together; then
// somebody decides with it, and what happened leads to what is done about it.

import { expect, test } from '../support/fixtures';
import { DESK, PHONE, Phone } from '../support/phone';
import type { Server } from '../support/server';
import { at, Writer } from '../support/writer';

const FARCHANA: [number, number] = [13.55, 21.93];
/** The way from Abéché to Adré leads past Farchana, and names it nowhere. */
const ABECHE = { name: 'Abéché', at: [13.83, 20.83] as [number, number] };
const ADRE = { name: 'Adré', at: [13.47, 22.2] as [number, number] };
const NEAR_FARCHANA = {
  ...PHONE,
  permissions: ['geolocation'],
  geolocation: { latitude: FARCHANA[0], longitude: FARCHANA[1], accuracy: 12 },
};
const WARNING = 'لا ترسلوا السيارات البيضاء يوم الخميس، سيقف رجال على طريق السوق';
const THREAT = 'سنحرق سياراتكم إذا جئتم يوم الخميس';

/** In two days at six in the evening, as a field has it; the same for all of a test, whatever midnight does. */
let due = '';
const dayAfterTomorrow = () => (due ||= `${at(2 * 24 * 60).slice(0, 10)}T18:00`);

/** Signed in, in their own language, with everything on the phone that it needs without a network. */
async function offline(phone: Phone, language: string): Promise<void> {
  await phone.settings.speak(language);
  await phone.goOffline();
}

test('an elder’s warning and a guard’s telephone call reach the focal point, who joins them', async ({ join, server }) => {
  test.setTimeout(180_000);
  const first = await join('reporter', 'Fatimé', NEAR_FARCHANA);
  const guard = await join('traveller', 'Issa', NEAR_FARCHANA);
  await offline(first, 'Français');
  await offline(guard, 'العربية');
  const { heard, nurse } = await reportWarning(first);
  const threat = await reportThreat(guard);
  for (const phone of [nurse, guard]) {
    await phone.goOnline();
    await phone.shell.shows('idle');
  }
  await expect(nurse.report.receipt).toHaveAttribute('data-state', 'stored');
  await expect(guard.report.receipt).toHaveAttribute('data-state', 'stored');

  const oumar = await Writer.enrol(server, 'manager', 'Oumar');
  await oumar.report('threat.reported', { words: 'You will regret it' }, 600);
  await oumar.report('threat.evaluated', { record: threat, source: 'C', likelihood: 3, impact: 3 });
  const zenaba = await join('security', 'Zenaba', DESK);
  await evaluate(zenaba, threat);
  await joinTheTwo(zenaba, threat, heard);
  await zenaba.watch.open();
  const deadline = zenaba.page.locator('[data-part="pressing"] li').filter({ hasText: THREAT });
  await expect(deadline).toContainText(/Deadline .* in (2 days|4\d hr)/);
  // Whoever reported learns nothing of the rest of the chain.
  await expect(nurse.report.receipt).not.toContainText(THREAT);
});

/** The nurse, in French: a draft that outlives a reload and a killed page. */
async function reportWarning(first: Phone): Promise<{ heard: string; nurse: Phone }> {
  const { report, page } = first;
  await report.open();
  await report.tile('community').tap();
  await report.tile('heard').tap();
  await expect(report.field('deadline'), 'asked of warnings only').toHaveCount(0);
  await report.choose('feedback', 'warning');
  await report.fill({ words: WARNING, place: 'Farchana', deadline: dayAfterTomorrow() });
  await page.getByRole('button', { name: 'Utiliser la position de ce téléphone' }).tap();
  // The last of what was filled in: a draft is written as a whole, soon after each.
  await first.draftWritten('"place_fix":"yes"');
  await page.reload();
  await expect(report.field('words')).toHaveValue(WARNING);
  await report.choose('danger', 'high');
  await first.draftWritten('"danger":"high"');
  const crashed = page.waitForEvent('crash');
  await page.goto('chrome://crash').catch(() => {});
  await crashed;
  await page.close();

  const nurse = new Phone(await first.context.newPage());
  await nurse.report.open('heard');
  await expect(nurse.report.field('words')).toHaveValue(WARNING);
  await expect(nurse.report.answer('danger', 'high')).toBeChecked();
  expect(await nurse.report.due('deadline')).toBe(dayAfterTomorrow());
  const heard = await nurse.report.saved();
  await expect(nurse.report.receipt.getByRole('heading')).toHaveText('Enregistré sur ce téléphone');
  await expect(nurse.report.receipt).toHaveAttribute('data-state', 'queued');
  return { heard, nurse };
}

/** The guard, in Arabic, by telephone. */
async function reportThreat(guard: Phone): Promise<string> {
  const { report, page } = guard;
  await report.open();
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await report.tile('threat').tap();
  await report.choose('channel', 'call');
  await report.choose('target', 'convoy');
  await report.fill({ words: THREAT, place: 'Farchana', deadline: dayAfterTomorrow() });
  await page.getByRole('button', { name: 'استخدام موقع هذا الهاتف' }).tap();
  await report.unfold();
  await report.choose('voice', 'angry');
  const id = await report.saved();
  await expect(report.receipt.getByRole('heading')).toHaveText('محفوظ على هذا الهاتف');
  return id;
}

/** First in triage, judged with what cannot be judged left as that. */
async function evaluate({ threats, item, page }: Phone, threat: string): Promise<void> {
  await threats.goto();
  await expect(threats.open).toHaveCount(2);
  expect((await threats.ids())[0], 'the nearest deadline first').toBe(threat);
  await expect(threats.row(threat)).toContainText(/Deadline .* in (2 days|4\d hr)/);
  await threats.row(threat).getByRole('link').click();
  await expect(item.sayings.first()).toHaveText(THREAT);
  await expect(item.sayings.first()).toHaveAttribute('dir', 'auto');
  const form = await item.begin('evaluation');
  const guide = form.root.locator('.sheet-row').first();
  await guide.getByText('How to use this').click();
  await expect(guide.getByText(/A reliable person can be wrong/)).toBeVisible();
  for (const [name, code] of [
    ['source', 'B'],
    ['information', '6'],
    ['willingness', '4'],
    ['capacity', '0'],
    ['likelihood', '4'],
    ['impact', '4'],
  ] as const) {
    await form.choose(name, code);
  }
  await form.field('conclusion').fill('They know the road, and have done it before.');
  await item.saved();
  await expect(page.locator('#act-evaluation'), 'the focus comes back').toBeFocused();
  await expect(item.evaluations).toHaveCount(2);
  const [hers, his] = [item.evaluations.filter({ hasText: 'Zenaba' }), item.evaluations.filter({ hasText: 'Oumar' })];
  await expect(hers).toContainText('6 · Cannot be judged');
  await expect(hers.locator('dd').filter({ hasText: /^Cannot be judged$/ })).toHaveCount(1);
  await expect(his).toContainText('C · Fairly reliable');
  await expect(item.chips).toContainText('4 × 4');
}

/** Proposed with reasons, joined with one tap, drawn and told. */
async function joinTheTwo({ item, page }: Phone, threat: string, heard: string): Promise<void> {
  const proposed = page.locator(`[data-suggested="${heard}"]`);
  await expect(proposed).toContainText('same place: Farchana');
  await expect(proposed).toContainText('for the same day');
  await proposed.getByRole('button', { name: 'Join' }).click();
  await expect(proposed).toHaveCount(0);
  await expect(item.joined).toContainText('joined by Zenaba');
  await expect(item.nodes).toHaveCount(2);
  await expect(item.story.filter({ hasText: 'Feedback · Fatimé' })).toContainText('before');
  await expect(item.story.filter({ hasText: 'Threat · Issa' })).toBeVisible();
  // By keyboard: from the drawing itself to what is drawn, and there.
  await page.locator('.graph').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/records/(${heard}|${threat})$`));
}

test('whoever decides on a movement sees what is known of its way, and the crew sees the decision only', async ({
  join,
  server,
}) => {
  test.setTimeout(120_000);
  const idriss = await join('traveller', 'Idriss');
  const base = await Writer.enrol(server, 'manager', 'Radio room');
  const place = { name: 'Farchana', at: FARCHANA };
  const deadline = at(2 * 24 * 60);
  const threat = await base.report('threat.reported', { words: THREAT, place, deadline }, 60);
  const heard = await base.report('community.heard', { feedback: 'warning', words: WARNING, place, deadline }, 30);
  const leader = await base.colleague('Idriss');
  const legs = [{ to: ADRE, km: 165, minutes: 240 }];
  const id = await base.plan({ name: 'Clinic run', depart: 2 * 24 * 60 - 600, from: ABECHE, legs, more: { leader } });

  const zenaba = await join('security', 'Zenaba', DESK);
  await zenaba.movement.open(id);
  const { go } = zenaba.movement;
  await expect(go).toContainText(/Seen as of (\d+ \w+, )?\d\d:\d\d/);
  await expect(go.locator(`[data-item="${threat}"]`), 'a threat unfolds its leg').toBeVisible();
  await expect(go.locator(`[data-item="${heard}"]`)).toBeVisible();
  await go.getByRole('button', { name: 'Decide', exact: true }).click();
  await zenaba.movement.choose('Go, on conditions');
  await go.getByRole('button', { name: 'Save the decision' }).click();
  await expect(zenaba.page.locator('#f-reason'), 'not without a reason').toBeFocused();
  await zenaba.page.locator('#f-reason').fill('The clinic is out of insulin');
  await zenaba.page.locator('#f-conditions').fill('Two cars, and back before noon');
  await go.getByRole('button', { name: 'Save the decision' }).click();
  const decided = go.locator('[data-decision="go_with_conditions"]');
  await expect(decided).toContainText('Go, on conditions · Zenaba');
  await expect(decided).toContainText('Two cars, and back before noon');
  await expect(decided).toContainText(/Known then: 2 items, seen as of (\d+ \w+, )?\d\d:\d\d/);
  await zenaba.shell.drained();

  await idriss.movement.open(id);
  await expect(idriss.movement.go.locator('[data-decision]')).toContainText('Two cars, and back before noon');
  await expect(idriss.page.locator('[data-item]')).toHaveCount(0);
  await idriss.records.open();
  await expect(idriss.page.locator('main')).not.toContainText(THREAT);
});

test('a threat is averted, another carried out: what is done about it is checked by somebody else', async ({
  join,
  server,
}) => {
  test.setTimeout(240_000);
  const { averted, carried } = await twoThreats(server);
  const amina = await join('manager', 'Amina', DESK);
  const zenaba = await join('security', 'Zenaba', DESK);
  const { threats, item } = zenaba;
  await threats.goto();
  await expect(threats.count('Open')).toHaveText('2');
  await expect(threats.count('Averted')).toHaveText('0');
  await expect(threats.gap('threat_without_outcome')).toContainText('1');

  await threats.row(averted).first().getByRole('link').click();
  await (await item.begin('threat_end')).choose('outcome', 'averted_by');
  await item.save.click();
  await expect(item.work.field('measure'), 'averted by what?').toBeFocused();
  await item.work.field('measure').fill('The elders spoke with them; we came on Friday');
  await item.saved();
  await expect(item.chips).toContainText('Averted by a measure');
  await threats.goto();
  await expect(threats.count('Averted')).toHaveText('1');
  await expect(threats.count('Open')).toHaveText('1');

  await item.open(carried, '/threats');
  await item.out('incident').click();
  await zenaba.report.field('what').fill('Two cars were stopped and robbed');
  await zenaba.report.field('means').selectOption('robbery');
  const incident = await zenaba.report.saved();
  await item.open(incident);
  await item.out('loss').click();
  await zenaba.report.field('loss').selectOption('equipment');
  await zenaba.report.field('value').fill('٤٥٠');
  await zenaba.report.saved();
  await item.open(carried, '/threats');
  await (await item.begin('threat_end')).choose('outcome', 'carried_out');
  await item.saved();
  await threats.goto();
  await expect(threats.gap('threat_without_outcome')).toHaveCount(0);
  await expect(threats.gap('incident_without_threat')).toHaveCount(0);
  await expect(threats.gap('loss_without_incident')).toHaveCount(0);
  await expect(threats.count('Losses')).toHaveText('1');

  await checkedBySomebodyElse(zenaba, amina, incident);
});

/** One for tomorrow; and one of a week ago of which nobody has said what came of it. */
async function twoThreats(server: Server): Promise<{ averted: string; carried: string }> {
  const base = await Writer.enrol(server, 'manager', 'Radio room');
  const place = { name: 'Farchana', at: FARCHANA };
  const averted = await base.report('threat.reported', { words: THREAT, place, deadline: at(24 * 60) }, 60);
  const week = 7 * 24 * 60;
  const long = { words: 'Give us the radios', place, happened: at(-week), deadline: at(-2 * 24 * 60) };
  return { averted, carried: await base.report('threat.reported', long, week) };
}

/** Done by its owner, verified by another; and only then is the incident closed. */
async function checkedBySomebodyElse(zenaba: Phone, amina: Phone, incident: string): Promise<void> {
  const { item } = zenaba;
  await item.open(incident);
  await item.out('action').click();
  await zenaba.report.field('action').selectOption('protection_upgrade');
  await zenaba.report.fill({ what: 'Radios are kept out of sight', owner: 'Amina', due: dayAfterTomorrow() });
  const action = await zenaba.report.saved();
  await zenaba.shell.drained();

  await item.open(incident);
  const end = await item.begin('incident_end');
  await end.choose('warned', 'yes');
  await end.field('knew').fill('The guard, and the base');
  await expect(item.work.root).toContainText('It cannot be closed yet');
  await expect(item.work.root).toContainText('Radios are kept out of sight');
  await expect(item.save).toHaveCount(0);
  await item.work.root.getByRole('button', { name: 'Close it later' }).click();

  await amina.item.open(action);
  await expect(amina.item.act('verified'), 'not before it is done').toHaveCount(0);
  await (await amina.item.begin('done')).field('evidence').fill('Ask Moussa at the garage');
  await amina.item.saved();
  await expect(amina.item.chips).toContainText('Done, not verified');
  await expect(amina.item.act('verified'), 'not by its owner').toHaveCount(0);
  await amina.shell.drained();

  await item.open(action);
  await expect(item.story.filter({ hasText: 'Ask Moussa at the garage' })).toBeVisible();
  await (await item.begin('verified')).choose('holds', 'yes');
  await item.saved();
  await expect(item.chips).toContainText('Done and verified');
  await item.open(incident);
  // What was typed before is still there.
  await expect((await item.begin('incident_end')).field('knew')).toHaveValue('The guard, and the base');
  await item.saved();
  await expect(item.chips).toContainText('Closed');
  await zenaba.shell.drained();
}
