// Phones with something on every screen, and the list of those screens.

import { expect } from '@playwright/test';
import { chainScene } from './chain-scene';
import type { Fixtures } from './fixtures';
import { DESK, type Phone } from './phone';
import { Writer } from './writer';

/** Who has it on the screen, and what to open. */
export interface Screen {
  name: string;
  phone: Phone;
  path: string;
  /** What to do there first. */
  before?: () => Promise<void>;
}

export const THEMES = ['light', 'dark', 'sun'] as const;
export const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
] as const;

/** A driver with records in several states, one with an emergency on, a manager who watches, and somebody new. */
export async function scene({ join, newPhone, server }: Pick<Fixtures, 'join' | 'newPhone' | 'server'>): Promise<Screen[]> {
  const amina = await join('manager', 'Amina', DESK);
  const idriss = await join('traveller', 'Idriss');
  const [confirmed = '', open = ''] = await idriss.home.sayIAmSafe(2);
  const hawa = await join('traveller', 'Hawa');
  await hawa.home.holdEmergency(2_300);
  await hawa.shell.drained();
  await amina.watch.open();
  await amina.watch.confirm(amina.watch.rows.row(confirmed));
  await expect(amina.watch.rows.row(confirmed)).toHaveAttribute('data-state', 'confirmed');
  await amina.home.open();
  await amina.home.sayIAmSafe(1);
  await amina.shell.drained();
  const late = await lateConvoy(server);
  // Somebody who does not travel: it is nobody's current movement.
  await amina.plan.open();
  await amina.plan.essentials('Mike 2');
  await amina.plan.saved();
  const newcomer = await newPhone();
  await newcomer.enrol.open();
  return [
    ...(await chainScreens(idriss, await join('security', 'Zenaba', DESK), server)),
    { name: 'home', phone: idriss, path: '/' },
    { name: 'home-emergency', phone: hawa, path: '/' },
    { name: 'home-manager', phone: amina, path: '/' },
    { name: 'check-in', phone: idriss, path: '/check-in' },
    { name: 'check-in-errors', phone: idriss, path: '/check-in', before: () => fillInNonsense(idriss) },
    { name: 'movements', phone: amina, path: '/movements' },
    { name: 'plan', phone: amina, path: '/movements/new' },
    { name: 'plan-errors', phone: amina, path: '/movements/new', before: () => fillInNothing(amina) },
    { name: 'records', phone: idriss, path: '/records' },
    { name: 'record', phone: idriss, path: `/records/${confirmed}` },
    { name: 'watch', phone: amina, path: '/watch' },
    { name: 'watch-record', phone: amina, path: `/watch/${open}` },
    { name: 'watch-movement', phone: amina, path: `/watch/${late}` },
    { name: 'watch-try', phone: amina, path: `/watch/${late}`, before: () => openTry(amina) },
    { name: 'movement', phone: amina, path: `/movements/${late}` },
    { name: 'settings', phone: idriss, path: '/settings' },
    { name: 'enrol', phone: newcomer, path: '/enrol' },
    { name: 'not-found', phone: idriss, path: '/no-such-page' },
  ];
}

/** What is reported, joined, counted, drawn and decided on. */
async function chainScreens(idriss: Phone, zenaba: Phone, server: Fixtures['server']): Promise<Screen[]> {
  const { threat, incident, movement } = await chainScene(server);
  const registers = ['risk', 'community', 'protection', 'mitigation'];
  return [
    { name: 'report', phone: idriss, path: '/report' },
    { name: 'report-community', phone: idriss, path: '/report/community' },
    { name: 'report-threat', phone: idriss, path: '/report/threat', before: () => reportNonsense(idriss) },
    { name: 'report-saved', phone: idriss, path: '/report/risk', before: () => reportRisk(idriss) },
    { name: 'report-about', phone: zenaba, path: `/report/incident?of=${threat}`, before: () => loaded(zenaba) },
    { name: 'threats', phone: zenaba, path: '/threats', before: () => loaded(zenaba) },
    { name: 'threats-item', phone: zenaba, path: `/threats/${threat}`, before: () => loaded(zenaba) },
    { name: 'threats-judge', phone: zenaba, path: `/threats/${threat}`, before: () => judge(zenaba) },
    { name: 'incident', phone: zenaba, path: `/records/${incident}`, before: () => unfold(zenaba) },
    { name: 'sectors', phone: zenaba, path: '/sectors', before: () => unfold(zenaba) },
    ...registers.map((sector) => ({
      name: `sectors-${sector}`,
      phone: zenaba,
      path: `/sectors/${sector}`,
      before: () => loaded(zenaba),
    })),
    { name: 'map', phone: zenaba, path: '/map', before: () => unfold(zenaba) },
    { name: 'guidance', phone: idriss, path: '/guidance', before: () => idriss.guidance.open() },
    { name: 'guidance-card', phone: idriss, path: '/guidance/bleeding' },
    { name: 'guidance-speak', phone: idriss, path: '/guidance/methane' },
    { name: 'guidance-plan', phone: idriss, path: '/plans/medical-emergency' },
    { name: 'checklists', phone: idriss, path: '/checklists' },
    { name: 'checklist', phone: idriss, path: '/checklists/vehicle', before: () => halfChecked(idriss) },
    { name: 'guidance-confirm', phone: zenaba, path: '/guidance/duress', before: () => part(zenaba, 'acknowledge') },
    { name: 'plan-names', phone: zenaba, path: '/plans/evacuation/names', before: () => giveNumberOnly(zenaba) },
    { name: 'readiness', phone: zenaba, path: '/checklists', before: () => part(zenaba, 'areas') },
    { name: 'backends', phone: zenaba, path: '/backends', before: () => addPlace(zenaba) },
    { name: 'found', phone: zenaba, path: '/enrol/own' },
    { name: 'standards', phone: zenaba, path: '/standards', before: () => part(zenaba, 'who-has-read') },
    { name: 'movement-go', phone: zenaba, path: `/movements/${movement}`, before: () => decideNothing(zenaba) },
  ];
}

/** That this part of the screen is there, and what is folded in it open. */
async function part({ page }: Phone, name: string): Promise<void> {
  await page.locator(`[data-part=${name}]`).waitFor();
  await page.locator('main details').evaluateAll((all) => all.forEach((fold) => fold.setAttribute('open', '')));
}

/** A number of nobody is asked for a name. */
async function giveNumberOnly({ page }: Phone): Promise<void> {
  await page.locator('.name-row input').nth(1).fill('123');
  await page.locator('.save-bar').getByRole('button').click();
  await expect(page.locator('.name-row .field-error').first()).not.toBeEmpty();
}

/** The form of one more place, saved with nothing in it. */
async function addPlace({ page }: Phone): Promise<void> {
  await page.locator('.page > .btn').click();
  await page.locator('[data-part=backend-form] .btn').first().click();
  await expect(page.locator('#f-backend-address-error')).not.toBeEmpty();
}

async function halfChecked({ checklist }: Phone): Promise<void> {
  await checklist.answer(0, 'met');
  await checklist.answer(1, 'gaps');
  await checklist.save.click();
  await expect(checklist.left).toBeVisible();
}

/** All that this phone holds is read. */
async function loaded({ page }: Phone): Promise<void> {
  // Beside an open item the list is hidden on a phone.
  await page.locator('[data-item], [data-sector], .acts, .about-line, a.mark').first().waitFor({ state: 'attached' });
  await page.locator('p[role=status]').filter({ hasText: /\d/ }).waitFor({ state: 'detached' });
}

async function unfold(phone: Phone): Promise<void> {
  await loaded(phone);
  const folds = phone.page.locator('main details');
  await folds.evaluateAll((all) => all.forEach((fold) => fold.setAttribute('open', '')));
}

/** A threat at an impossible time, with everything unfolded. */
async function reportNonsense(phone: Phone): Promise<void> {
  const { report } = phone;
  await report.choose('channel', 'call');
  await report.field('words').fill('');
  await report.field('happened').fill('1970-01-01T00:00');
  await report.root.locator('[name="sensitive"]').check();
  await report.unfold();
  await report.save.click();
  await phone.page.locator('#f-happened[aria-invalid]').waitFor();
}

async function reportRisk({ report }: Phone): Promise<void> {
  await report.field('what').fill('The ford is deep');
  await report.saved();
}

/** An evaluation with the guides open, and nothing in it. */
async function judge(phone: Phone): Promise<void> {
  await loaded(phone);
  const form = await phone.item.begin('evaluation');
  await form.unfold();
  await phone.item.save.click();
  await form.root.locator('[data-invalid], [aria-invalid=true]').first().waitFor();
}

/** A decision without a reason, below what is known. */
async function decideNothing(phone: Phone): Promise<void> {
  await unfold(phone);
  await phone.movement.go.locator('#decide').click();
  await phone.page.locator('#f-reason').waitFor();
  await phone.movement.go.locator('.work .btn[data-tone=accent]').click();
  await phone.page.locator('#f-reason[aria-invalid]').waitFor();
}

/** A convoy that is overdue, with all there is to say of it. */
async function lateConvoy(server: Fixtures['server']): Promise<string> {
  const moussa = await Writer.enrol(server, 'traveller', 'Moussa');
  const zara = await Writer.enrol(server, 'traveller', 'Zara');
  const actions_on = [{ situation: 'breakdown', text: 'Stop together, call the base' }];
  const words = { purpose: 'Food to Abéché', contacts: ['Base +235 66 12 34 56'], no_go: ['Rain'], actions_on };
  const late = await moussa.plan({ name: 'Convoy Mike 2', depart: -140, more: { ...words, notification: 'HNS-2231' } });
  await zara.checkIn(late, 110, { people: 'unknown', headcount: 2, roll: { missing: ['Hawa'], separated: ['Mike 3'] } });
  await moussa.checkIn(late, 82, { position: { source: 'odometer', km: 80 }, headcount: 3 });
  const threatened = await zara.plan({ name: 'Clinic run Farchana', depart: -20 });
  await zara.checkIn(threatened, 5, { duress: true });
  await zara.plan({ name: 'Assessment', depart: 300 });
  return late;
}

async function openTry({ page }: Phone): Promise<void> {
  await page.locator('.ladder-work .btn[data-tone=accent]').first().click();
  await page.locator('#f-means').waitFor();
}

/** By names that are the same in every language. */
async function fillInNonsense({ page }: Phone): Promise<void> {
  await page.locator('#f-headcount').fill('?');
  await page.locator('.save-bar button').click();
  await page.locator('#f-headcount[aria-invalid]').waitFor();
}

/** Saves an empty plan, with everything unfolded and people proposed. */
async function fillInNothing({ page }: Phone): Promise<void> {
  await page.locator('[name^="people-"]').focus();
  await page.locator('details').evaluateAll((folds) => folds.forEach((fold) => fold.setAttribute('open', '')));
  await page.locator('.save-bar button').click();
  await page.locator('#f-name[aria-invalid]').waitFor();
}

/** Opens a screen in a language and a theme, as if they had been chosen in the settings. */
export async function show(screen: Screen, language: string, theme: string): Promise<void> {
  const { page } = screen.phone;
  await page.evaluate(
    ([language, theme]) => {
      localStorage.setItem('waymark.language', language);
      localStorage.setItem('waymark.theme', theme);
    },
    [language, theme] as const,
  );
  await page.goto(screen.path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await screen.before?.();
}
