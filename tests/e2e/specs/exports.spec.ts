// What leaves the app as a file or on paper, and for whom.

import { ExportsPage } from '../pages/exports';
import { expect, test } from '../support/fixtures';
import { DESK } from '../support/phone';
import { type Server } from '../support/server';
import { Writer } from '../support/writer';

const PLACE = { name: 'Adré', at: [13.46648, 22.19875] };
const FORMULA = '=HYPERLINK("http://example.org")';

/** Threats with planted words: one whose summary is a formula, one that is sensitive, and what came of that. */
async function threats(server: Server): Promise<string[]> {
  const idriss = await Writer.enrol(server, 'traveller', 'Idriss Planted');
  const named = { words: 'Planted words', speaker: 'Planted speaker', place: PLACE };
  const plain = await idriss.report('threat.reported', { summary: FORMULA, ...named });
  const secret = await idriss.report('threat.reported', { summary: 'Planted secret', ...named, sensitive: true });
  const derived = await idriss.report('threat.reported', { summary: 'Planted derived', words: 'x', of: secret });
  return [plain, secret, derived];
}

test('security hands threats to people outside: no secret, no name, no place and no formula is in the files', async ({
  join,
  server,
}) => {
  await threats(server);
  const { page } = await join('security', 'Sara', DESK);
  const exports = new ExportsPage(page);
  await exports.open('/threats');
  await expect(exports.counts).toHaveText('Items that go out: 3');

  await exports.choose('outside');
  await expect(exports.counts).toHaveText('Items that go out: 1 · Items that stay behind: 2');
  const [csv] = await exports.save();
  await expect(exports.said).toHaveText('Saved as a file. Items in it: 1 · Left out: 2');
  expect(csv?.name).toMatch(/^waymark-threats-open-outside-\d{4}-\d\d-\d\d\.csv$/);
  const lines = csv?.text.trim().split('\r\n') ?? [];
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain('#event+id,#event+type');
  expect(lines[2], 'a spreadsheet takes it for text').toContain(`"'${FORMULA.replaceAll('"', '""')}"`);

  await exports.choose('geojson');
  const [geojson] = await exports.save();
  const { features } = JSON.parse(geojson?.text ?? '') as { features: { geometry: { type: string } }[] };
  expect(features.map((feature) => feature.geometry.type)).toEqual(['Polygon']);

  await exports.choose('cloudevents');
  const [records] = await exports.save();
  expect(JSON.parse(records?.text ?? '')).toHaveLength(1);
  for (const file of [csv, geojson, records]) {
    for (const word of ['lanted', 'Idriss', '13.466', '22.198']) expect(file?.text, file?.name).not.toContain(word);
  }

  await exports.choose('security');
  await exports.choose('csv');
  const [whole] = await exports.save();
  for (const word of ['Planted secret', 'Planted derived', 'Planted words', '13.46648']) {
    expect(whole?.text).toContain(word);
  }
});

test('alerts are a file for each item, and an item has its own', async ({ join, server }) => {
  const [plain = ''] = await threats(server);
  const { page } = await join('central', 'Sara', DESK);
  const exports = new ExportsPage(page);
  await exports.open('/threats');
  await exports.choose('cap');
  const alerts = await exports.save(3);
  expect(alerts.every(({ text }) => text.includes('<scope>Restricted</scope>'))).toBe(true);

  await exports.open(`/records/${plain}`);
  await exports.choose('cap');
  await exports.choose('manager');
  const [alert] = await exports.save();
  expect(alert?.name).toContain(plain);
  expect(alert?.text).toContain('<msgType>Alert</msgType>');
});

for (const language of ['en', 'ar']) {
  test(`the situation report is one page for whom it is made, in ${language}`, async ({ join, server }) => {
    await everything(server);
    const { page } = await join('security', 'Sara Planted', DESK);
    await page.evaluate((language) => localStorage.setItem('waymark.language', language), language);
    const exports = new ExportsPage(page);
    await exports.open('/sectors', exports.report);
    const figures = exports.paper.locator('.paper-figures dd');
    await expect(figures).toHaveText(['12', '13', '0', '1', '0', '10', '1', '0']);
    await onOnePage(page);

    await exports.choose('outside');
    await expect(figures, 'nothing that is sensitive is counted').toHaveText(['11', '11', '0', '0', '0', '10', '1', '0']);
    expect(await exports.paper.textContent()).not.toContain('lanted');
    await onOnePage(page);
  });
}

async function onOnePage(page: import('@playwright/test').Page): Promise<void> {
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
}

/** More of everything than the page has room for, with texts that are longer than a line. */
async function everything(server: Server): Promise<void> {
  const idriss = await Writer.enrol(server, 'security', 'Idriss Planted');
  const long = 'They said on the market that nobody may pass the river before the chiefs have met, and that cars will burn. ';
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const secret = { summary: 'Planted', words: 'Planted', sensitive: true, place: PLACE };
  await idriss.report('threat.reported', { ...secret, deadline: day(1) });
  const averted = await idriss.report('threat.reported', secret);
  const end = { record: averted, outcome: 'averted_by', measure: 'Planted', sensitive: true };
  await idriss.report('threat.closed', end);
  const days = 24 * 60;
  await idriss.report('threat.reported', { words: 'Planted words' }, 15 * days);
  await idriss.report('community.heard', { feedback: 'question', words: 'Planted words' }, 9 * days);
  await idriss.report('loss.recorded', { loss: 'vehicle' });
  const owner = { name: 'Moussa Planted' };
  for (let n = 0; n < 10; n++) {
    const summary = `${n} ${long.repeat(3)}`;
    const text = { words: 'Planted words', place: { ...PLACE, name: `${n} Farchana and all the villages around it` } };
    await idriss.report('threat.reported', { summary, ...text, deadline: day(n) });
    await idriss.report('incident.reported', { what: summary, who: 'Planted', place: text.place });
    await idriss.report('action.opened', { action: 'relocation', what: summary, owner, due: day(-n - 1) });
    await idriss.report('area.rated', { area: `Ouaddaï and Wadi Fira ${n}`, level: 'substantial', reason: long });
    await idriss.report('acceptance.observed', { area: `Ouaddaï and Wadi Fira ${n}`, consent: 4, stake: 3 });
  }
}
