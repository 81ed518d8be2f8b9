// What an organisation sets besides texts: how closely people are watched, and its own words and codes in forms.

import type { Page } from '@playwright/test';
import { Api } from '../support/api';
import { expect, test } from '../support/fixtures';
import { PackDesk } from '../support/pack-desk';
import { DESK } from '../support/phone';

const LEVELS = `---
title: How closely people are watched
revision: 1
---
## levels
- 5 | interval 20 | grace 5 | prompt 2 | step 5 | hold 20
`;
const CODES = `---
title: Our words
revision: 1
---
## means
- drone: Drone overhead
- near_miss: It nearly went wrong
- flood: Flood
`;
const CODES_FR = `---
title: Nos mots
revision: 1
translation: reviewed
reviewed_by: Zara
---
## means
- drone: Drone au-dessus
- near_miss: On a eu chaud
- flood: Inondation
`;

async function desk(data: string): Promise<PackDesk> {
  const desk = await PackDesk.open(data);
  await desk.write('levels.md', LEVELS);
  await desk.write('codes.en.md', CODES);
  await desk.write('codes.fr.md', CODES_FR);
  return desk;
}

/** The pack is on the phone. */
async function loaded(page: Page, version: number): Promise<void> {
  await page.goto('/guidance');
  await expect(page.locator('[data-part=pack]')).toHaveAttribute('data-version', String(version));
}

test('a plan takes the times of the pack by the level, and the operator of the server comes before the pack', async ({ join, server }) => {
  const own = await desk(server.data);
  await own.publish(await own.sign(1, 'Stop.'));
  const central = await Api.enrol(server, 'central', 'HQ');
  const { plan, page, shell } = await join('traveller', 'Idriss');
  await loaded(page, 1);
  const every = page.getByText(/^Check-in every/);
  const level = (code: string) => page.locator(`[name=area_level][value=${code}]`).check({ force: true });
  const watched = async (id: string) => {
    await shell.drained();
    const planned = (await central.feed()).find((record) => record.id === id);
    return (planned?.data['plan'] as { watch: { interval: number } } | undefined)?.watch.interval;
  };
  await plan.open();
  await level('high');
  await expect(every).toHaveText('Check-in every 20 min, 5 min grace');
  await level('moderate');
  await expect(every, 'what the pack does not name is as usual').toHaveText('Check-in every 60 min, 10 min grace');
  await level('high');
  await plan.essentials('Mike 1');
  expect(await watched(await plan.saved())).toBe(20);

  await server.level('high', 15);
  // Asked for when the app starts.
  await expect(async () => {
    await plan.open();
    await level('high');
    await expect(every).toHaveText('Check-in every 15 min, 5 min grace', { timeout: 1_000 });
  }).toPass();
  await own.remove();
});

test('words and codes of the pack are in forms, lists and records, in every language that has them', async ({ join, server }) => {
  const own = await desk(server.data);
  await own.publish(await own.sign(1, 'Stop.'));
  const central = await Api.enrol(server, 'central', 'HQ');
  const amina = await join('manager', 'Amina', DESK);
  await loaded(amina.page, 1);
  await amina.settings.speak('Français');
  const phone = await join('reporter', 'Fatimé');
  const { report, page, shell } = phone;
  await loaded(page, 1);
  // No screen of guidance is asked for from here on, and no network.
  await phone.goOffline();
  await report.open('incident');
  const means = report.field('means');
  await expect(means.locator('option[value=drone]')).toHaveText('Drone overhead');
  await expect(means.locator('option[value=near_miss]')).toHaveText('It nearly went wrong');
  await expect(means.locator('option[value=robbery]'), 'what is not named anew stays').toHaveText('Robbery');
  expect(await means.locator('option').evaluateAll((all) => all.slice(-3).map((one) => one.getAttribute('value')))).toEqual(['drone', 'flood', 'U']);
  await means.selectOption('drone');
  await report.field('what').fill('It hung over the compound.');
  await phone.draftWritten('It hung over the compound.');
  await page.reload();
  await expect(means, 'also in the draft').toHaveValue('drone');
  const id = await report.saved();
  await phone.goOnline();
  await shell.drained();
  const held = (await central.feed()).find((record) => record.id === id);
  expect(held?.data['means'], 'the record has the code').toBe('drone');

  await amina.item.open(id);
  await expect(amina.item.root).toContainText('Drone au-dessus');
  await amina.page.goto('/sectors/protection');
  await expect(amina.page.locator(`li[data-item="${id}"]`)).toContainText('Drone au-dessus');
  await amina.page.evaluate(() => localStorage.setItem('waymark.language', 'es'));
  await amina.item.open(id);
  await expect(amina.item.root, 'where there is no translation, the original').toContainText('Drone overhead');

  // The next version takes the code away: it is shown as itself, and what was changed is as before.
  await own.write('codes.en.md', CODES.replace('- drone: Drone overhead\n', ''));
  await own.write('codes.fr.md', CODES_FR.replace('- drone: Drone au-dessus\n', ''));
  await own.publish(await own.sign(2, 'Stop.'));
  await loaded(amina.page, 2);
  await amina.item.open(id);
  await expect(amina.item.root).toContainText('drone');
  await expect(amina.item.root).not.toContainText('Drone overhead');
  await own.remove();
});
