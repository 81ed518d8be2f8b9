// Central publishes and sees who has it and has read it; offices name people and add what holds with them.

import { basename } from 'node:path';
import { readdir, readFile } from 'node:fs/promises';
import { join as path } from 'node:path';
import { expect, test } from '../support/fixtures';
import { DESK } from '../support/phone';
import { PackDesk } from '../support/pack-desk';

const FIRST = 'Stop, says our first rule.';
const SECOND = 'Stop early, says our second rule.';

/** What a browser is given of a signed folder. */
async function chosen(signed: string): Promise<string[]> {
  const files = await readdir(path(signed, 'files'));
  return [path(signed, 'manifest.json'), ...files.map((file) => path(signed, 'files', file))];
}

test('central publishes without a secret, and sees which phone has it and what has changed', async ({ join, joinIn, server }) => {
  const desk = await PackDesk.open(server.data);
  const first = await desk.sign(1, FIRST);
  const second = await desk.sign(2, SECOND);
  const { key } = JSON.parse(await desk.manifest(first)) as { key: string };
  const idriss = await joinIn('East', 'traveller', 'Idriss');
  const grace = await join('central', 'Grace', DESK);
  const { page } = grace;
  await page.goto('/standards');
  await expect(page.locator('[data-part=versions]')).toContainText('Nothing published yet');
  await page.locator('[data-part=publish] summary').click();
  const input = page.locator('input[name=release-files]');
  const folder = page.locator('input[name=release]');
  const release = page.locator('[data-part=release]');
  const trouble = page.locator('[data-part=not-published]');

  await input.setInputFiles({ name: 'manifest.json', mimeType: 'application/json', buffer: Buffer.from('<script>') });
  await expect(trouble).toContainText('no signed release');
  await input.setInputFiles([path(first, 'manifest.json')]);
  await expect(release.locator('.banner[data-tone=danger]')).toContainText('was not chosen');
  await expect(release.getByRole('button')).toHaveCount(0);
  // The files below the manifest are another folder: what was chosen before stays.
  await input.setInputFiles((await chosen(first)).slice(1));
  await expect(release).toContainText('Our rules');
  await release.getByRole('button', { name: 'Publish' }).click();
  await expect(release.locator('.field-error')).toContainText('not the key');
  await page.locator('#f-pack-key').fill('0'.repeat(64));
  await release.getByRole('button', { name: 'Publish' }).click();
  await expect(release.locator('.field-error')).toContainText('not the key');
  await page.locator('#f-pack-key').fill(key);
  await release.getByRole('button', { name: 'Publish' }).click();
  await expect(page.locator('[data-part=versions] [data-version="1"]')).toContainText('In force');
  await expect(page.locator('[data-part=carriers] [data-area=East]')).toContainText('0 of 1 phone');

  await idriss.page.goto('/guidance');
  await expect(idriss.page.locator('[data-part=pack]')).toHaveAttribute('data-version', '1');
  // Each time the page is opened it asks once; the phone tells when it has shown what it loaded.
  await expect(async () => {
    await page.reload();
    await expect(page.locator('[data-part=carriers] [data-area=East]')).toContainText('1 of 1 phone', { timeout: 3_000 });
  }).toPass({ timeout: 30_000 });

  await page.locator('[data-part=publish] summary').click();
  await folder.setInputFiles(second);
  await release.getByRole('button', { name: 'Publish' }).click();
  const latest = page.locator('[data-part=versions] [data-version="2"]');
  await expect(latest).toContainText('In force');
  await latest.locator('summary').click();
  await expect(latest).toContainText(`“${FIRST}” is now “${SECOND}”`);
  const east = page.locator('[data-part=carriers] [data-area=East]');
  await expect(east).toContainText('0 of 1 phone');
  await east.locator('summary').click();
  await expect(east).toContainText('Idriss: version 1');
  await page.goto('/records');
  await expect(page.getByText('Our rules').first(), 'that it was published is a record').toBeVisible();

  // What was written before and after a change of the standards is told apart.
  await idriss.page.goto('/guidance');
  await expect(idriss.page.locator('[data-part=pack]')).toHaveAttribute('data-version', '2');
  await idriss.page.goto('/report/lack');
  await idriss.page.locator('#f-what').fill('No lock on the store');
  await idriss.page.locator('.save-bar').getByRole('button').tap();
  await expect(idriss.page.locator('section[data-record]')).toBeVisible();
  await expect(idriss.page.locator('.sync')).toContainText('All sent');
  await page.goto('/sectors');
  const protection = page.locator('[data-sector=protection] .sector-volume strong');
  await expect(protection).toHaveText('1');
  await page.locator('[name=pack][value="org.example@1"]').check({ force: true });
  await expect(protection).toHaveText('0');
  await page.locator('[name=pack][value="org.example@2"]').check({ force: true });
  await expect(protection).toHaveText('1');

  // What would go back, or was changed on the way, is refused and said.
  await page.goto('/standards');
  // The button does nothing while the page asks for what there is.
  await expect(latest).toContainText('In force');
  await page.locator('[data-part=publish] summary').click();
  await input.setInputFiles(await chosen(first));
  await release.getByRole('button', { name: 'Publish' }).click();
  await expect(trouble).toContainText('not above the one that is published');
  const files = await chosen(second);
  const changed = await Promise.all(files.map(async (file) => ({
    name: basename(file),
    mimeType: 'application/json',
    buffer: Buffer.from((await readFile(file, 'utf8')).replace('version\\":2', 'version\\":3')),
  })));
  await input.setInputFiles(changed);
  await release.getByRole('button', { name: 'Publish' }).click();
  await expect(trouble).toContainText('signature is wrong');

  await grace.settings.speak('العربية');
  await page.goto('/standards');
  await latest.locator('summary').click();
  await expect(latest).toContainText(`“${FIRST}” أصبح “${SECOND}”`);
  await desk.remove();
});

test('a card that asks for it is confirmed by name, offline, and central sees who has not', async ({ join }) => {
  const idriss = await join('traveller', 'Idriss');
  const central = await join('central', 'Grace', DESK);
  await idriss.goOffline();
  const { page } = idriss;
  await page.goto('/');
  const toRead = page.locator('[data-part=to-read]');
  // The cards are read some seconds after the rest.
  await expect(toRead).toContainText('6 cards', { timeout: 30_000 });
  await toRead.locator('summary').click();
  await toRead.getByRole('link').first().click();
  const part = page.locator('[data-part=acknowledge]');
  await part.getByRole('button').tap();
  await expect(part.getByRole('status')).toContainText('You confirmed this card');
  await page.reload();
  await expect(part.getByRole('status'), 'it is on the disk').toContainText('You confirmed this card');
  const card = await page.locator('article.guide').getAttribute('data-card');
  await page.goto('/');
  await expect(toRead).toContainText('5 cards', { timeout: 30_000 });
  await idriss.goOnline();
  await expect(page.locator('.sync')).toContainText('All sent');

  await central.page.goto('/standards');
  const row = central.page.locator(`[data-part=who-has-read] [data-card="${card}"]`);
  await expect(row).toContainText('Confirmed by 1 of 2');
  await row.locator('summary').click();
  await expect(row.locator('li')).toHaveText(['Grace']);
});

test('whom to call is named once and is on every phone of the area, without a signal', async ({ joinIn }) => {
  const amina = await joinIn('East', 'manager', 'Amina', DESK);
  const idriss = await joinIn('East', 'traveller', 'Idriss');
  const hawa = await joinIn('West', 'traveller', 'Hawa');
  const desk = amina.page;
  await desk.goto('/plans/evacuation');
  const calls = (page: typeof desk) => page.locator('[data-part=calls]');
  await expect(calls(desk)).toContainText('No base has given names');
  await calls(desk).getByRole('link', { name: 'Give names' }).click();
  await expect(desk.locator('#f-base')).toHaveValue('East');
  await desk.getByRole('button', { name: 'Save' }).click();
  await expect(desk.locator('.save-bar .field-error')).toBeVisible();
  const role = desk.locator('fieldset.names').first();
  const code = await role.getAttribute('data-role');
  const rows = role.locator('.name-row:visible');
  await expect(rows).toHaveCount(1);
  await rows.nth(0).locator('input').nth(0).fill('Grace Okello');
  await rows.nth(0).locator('input').nth(1).fill('+235 66 00 00 01');
  await expect(rows, 'one row more than there are names').toHaveCount(2);
  await rows.nth(1).locator('input').nth(1).fill('٠٦٦٠٠٠٠٠٢');
  await desk.getByRole('button', { name: 'Save' }).click();
  await expect(rows.nth(1).locator('.field-error').first(), 'a number of nobody').not.toBeEmpty();
  await expect(rows.nth(1).locator('input').nth(0)).toBeFocused();
  await rows.nth(1).locator('input').nth(0).fill('<b>Zara</b> | x');
  // What was typed stays.
  await amina.draftWritten('<b>Zara</b> | x');
  await desk.reload();
  await expect(rows.nth(0).locator('input').nth(0)).toHaveValue('Grace Okello');
  await desk.getByRole('button', { name: 'Save' }).click();
  await expect(calls(desk)).toContainText('Grace Okello');
  await expect(desk.locator('.sync')).toContainText('All sent');

  await idriss.page.goto('/');
  await expect(idriss.page.locator('.sync')).toContainText('All sent');
  await idriss.installed();
  await idriss.page.goto('/plans/evacuation');
  const own = calls(idriss.page).locator(`[data-role="${code}"]`).first();
  await expect(own).toContainText('Grace Okello');
  await idriss.goOffline();
  await idriss.page.reload();
  await expect(own.locator('a[href="tel:+23566000001"]')).toBeVisible();
  await expect(own).toContainText('<b>Zara</b> / x');
  await expect(own.locator('a[href="tel:066000002"]')).toBeVisible();
  await expect(calls(idriss.page).getByRole('link', { name: /names/i })).toHaveCount(0);
  await hawa.page.goto('/plans/evacuation');
  await expect(calls(hawa.page)).toContainText('No base has given names');

  await idriss.goOnline();
  await calls(desk).getByRole('link', { name: 'Change names' }).click();
  await expect(rows.nth(0).locator('input').nth(0)).toHaveValue('Grace Okello');
  await desk.locator('input[name=withdrawn]').check({ force: true });
  await desk.getByRole('button', { name: 'Save' }).click();
  await expect(calls(desk)).toContainText('No base has given names');
  await expect(desk.locator('.sync')).toContainText('All sent');
  await idriss.page.goto('/plans/evacuation');
  await expect(calls(idriss.page), 'withdrawn on every phone').toContainText('No base has given names');
});

test('an office adds to a card where the pack allows it, and takes it back', async ({ joinIn }) => {
  const amina = await joinIn('East', 'manager', 'Amina', DESK);
  const idriss = await joinIn('East', 'traveller', 'Idriss');
  const { page } = amina;
  await page.goto('/guidance/checkpoint');
  const notes = page.locator('[data-part=office-notes]');
  await notes.getByRole('link', { name: 'Add a note' }).click();
  await expect(page.locator('#f-base')).toHaveValue('East');
  await page.locator('#f-text').fill('At the bridge ask for Moussa.');
  await page.locator('.save-bar').getByRole('button').click();
  await expect(page.locator('section[data-record]')).toBeVisible();
  await expect(page.locator('.sync')).toContainText('All sent');
  const card = idriss.page.locator('[data-part=office-notes]');
  await idriss.page.goto('/guidance/checkpoint');
  await expect(card).toContainText('At the bridge ask for Moussa.');
  await expect(card.getByRole('link', { name: 'Add' })).toHaveCount(0);

  await page.goto('/guidance/checkpoint');
  await notes.getByRole('link', { name: 'Change the note' }).click();
  await expect(page.locator('#f-text')).toHaveValue('At the bridge ask for Moussa.');
  await page.locator('[name=state][value=withdrawn]').check({ force: true });
  await page.locator('.save-bar').getByRole('button').click();
  await expect(page.locator('section[data-record]')).toBeVisible();
  await page.goto('/guidance/checkpoint');
  await expect(notes.locator('li')).toHaveCount(0);
});

test('a finding becomes the draft of a card, and what is missing stays until somebody has looked', async ({ join, joinIn }) => {
  const amina = await joinIn('East', 'manager', 'Amina', DESK);
  const central = await join('central', 'Grace', DESK);
  const idriss = await joinIn('East', 'traveller', 'Idriss');
  await idriss.page.goto('/report/lack');
  await idriss.page.locator('#f-what').fill('No first aid kit in K2');
  await expect(idriss.page.locator('#f-area')).toHaveValue('East');
  await idriss.page.locator('.save-bar').getByRole('button').tap();
  await expect(idriss.page.locator('section[data-record]')).toBeVisible();
  await expect(idriss.page.locator('.sync')).toContainText('All sent');

  await amina.page.goto('/checklists');
  await expect(amina.page.locator('[data-part=lacks]')).toContainText('No first aid kit in K2');
  const east = amina.page.locator('[data-part=areas] [data-area=East]');
  await expect(east.locator('td').nth(1)).toHaveText('1');
  await expect(east.locator('td').nth(0), 'seven plans, the premises and the vehicles').toHaveText('9');

  await amina.page.goto('/report/finding');
  await amina.page.locator('#f-what').fill('Nobody knew the second meeting place.');
  await amina.page.locator('#f-standard').fill('Fire');
  await amina.page.locator('#f-proposal').fill('Name two meeting places.');
  await amina.page.locator('.save-bar').getByRole('button').click();
  await expect(amina.page.locator('section[data-record]')).toBeVisible();
  await expect(amina.page.locator('.sync')).toContainText('All sent');

  const { page } = central;
  await page.goto('/standards');
  const proposal = page.locator('[data-part=proposals] li').filter({ hasText: 'Name two meeting places.' });
  await expect(proposal).toContainText('Not decided');
  await proposal.getByRole('link', { name: 'Decide' }).click();
  await page.locator('#act-proposal').click();
  await page.locator('[name=decided][value=taken_up]').check({ force: true });
  await expect(page.locator('#f-card')).toHaveValue('fire');
  await expect(page.locator('#f-draft')).toHaveValue(/^---\ntitle: Fire\n/);
  const text = await page.locator('#f-draft').inputValue();
  await page.locator('#f-draft').fill(text.replace('revision: 1', 'revision: 2').replace('at the agreed place', 'at one of the two agreed places'));
  await page.locator('.work').getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.work')).toHaveCount(0);
  await expect(page.locator('.sync')).toContainText('All sent');
  await page.goto('/standards');
  await expect(proposal).toContainText('Taken up');
  const download = page.waitForEvent('download');
  await proposal.getByRole('button', { name: 'Download the draft' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('fire.en.md');
  expect(await readFile(await file.path(), 'utf8')).toContain('one of the two agreed places');
});

test('who does not watch is told so, and nothing is asked of the server', async ({ join }) => {
  const { page } = await join('traveller', 'Idriss');
  let asked = 0;
  page.on('request', (request) => { asked += request.url().includes('/api/v1/standards') ? 1 : 0; });
  await page.goto('/standards');
  await expect(page.getByText('Standards are kept by managers')).toBeVisible();
  await page.goto('/plans/evacuation/names');
  await expect(page.getByText('Your role cannot write this')).toBeVisible();
  await page.goto('/report/staffing');
  await expect(page.getByRole('heading', { level: 1 })).not.toContainText('Names');
  expect(asked).toBe(0);
});
