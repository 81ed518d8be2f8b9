// What goes wrong while guidance is on its way, or lies on the phone: what was whole before stays.

import type { Page } from '@playwright/test';
import { cutWithin, flood } from '../support/faults';
import { expect, test } from '../support/fixtures';
import { PackDesk } from '../support/pack-desk';
import { type Phone, setClockWrongBy } from '../support/phone';
import type { Proxy } from '../support/proxy';

const FIRST = 'Stop, says our first rule.';
const SECOND = 'Stop early, says our second rule.';
const PACK = '/api/v1/pack?';
const FILES = '/api/v1/pack/files';
const DAY = 86_400_000;

/** Looks for a newer pack as somebody does who opens the guidance later. */
async function later(page: Page): Promise<void> {
  await page.goto('/guidance');
  await expect(page.locator('[data-part=fields]')).toBeVisible();
}

const pack = (page: Page) => page.locator('[data-part=pack]');
const trouble = (page: Page) => page.locator('.banner');
const isAt = (page: Page, version: number) => expect(pack(page)).toHaveAttribute('data-version', String(version));
const filesAsked = (network: Proxy) => network.asked.filter(({ path }) => path.startsWith(FILES)).length;

async function says(phone: Phone, step: string): Promise<void> {
  await phone.guidance.open('checkpoint');
  await expect(phone.guidance.steps.first()).toHaveText(step);
}

/** Changes what the phone keeps of its pack, behind the app's back; gives the names of the files. */
function kept(page: Page, breaks = false): Promise<string[]> {
  return page.evaluate(async (breaks) => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((then, no) => {
      request.onsuccess = () => then(request.result);
      request.onerror = () => no(request.error);
    });
    const database = await done(indexedDB.open('waymark-1'));
    const all = database.transaction('packs', 'readwrite').objectStore('packs');
    const keys = (await done(all.getAllKeys())).map(String).filter((key) => key.startsWith('file '));
    for (const key of breaks ? keys : []) {
      const text = new TextDecoder().decode((await done(all.get(key))) as Uint8Array);
      await done(all.put(new TextEncoder().encode(text.replace('Stop', 'Race')), key));
    }
    database.close();
    return keys;
  }, breaks);
}

/** The app looks twice when it is opened: what is published now is for the next time. */
const leave = (page: Page) => page.goto('about:blank');

/** From the next start of the app on, the browser says that it has room for so many bytes more. Its own figure does not follow a quota. */
async function room(page: Page, bytes?: number): Promise<void> {
  await page.evaluate((bytes) => localStorage.setItem('room', String(bytes ?? '')), bytes);
  await page.context().addInitScript(() => {
    if (self.origin === 'null') return;
    const bytes = localStorage.getItem('room');
    if (bytes) navigator.storage.estimate = async () => ({ usage: 1_000_000, quota: 1_000_000 + Number(bytes) });
  });
}

/** How much the browser lets the app store, in bytes; without a figure, as much as it would. */
async function quota(phone: Phone, origin: string, bytes?: number): Promise<void> {
  const devtools = await phone.context.newCDPSession(phone.page);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, ...(bytes === undefined ? {} : { quotaSize: bytes }) });
}

/** Stores until nothing more fits, beside what the app has. */
function fillUp(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('ballast');
    opening.onupgradeneeded = () => opening.result.createObjectStore('all', { autoIncrement: true });
    await new Promise((done) => (opening.onsuccess = done));
    const put = (bytes: number) => new Promise<boolean>((then) => {
      const transaction = opening.result.transaction('all', 'readwrite');
      transaction.objectStore('all').put(crypto.getRandomValues(new Uint8Array(bytes)));
      transaction.oncomplete = () => then(true);
      transaction.onabort = () => then(false);
    });
    for (let bytes = 65_536; bytes >= 64; bytes /= 4) while (await put(bytes));
    opening.result.close();
  });
}

test('an answer without an end, or of 50 MB, is left off at its limit and said to be too large', async ({ join, network, server }) => {
  const desk = await PackDesk.open(server.data);
  await desk.publish(await desk.sign(1, FIRST));
  const phone = await join('traveller', 'Idriss');
  await later(phone.page);
  await isAt(phone.page, 1);
  await leave(phone.page);
  await desk.publish(await desk.sign(2, SECOND));
  for (const [path, length] of [[PACK, undefined], [PACK, 50 << 20], [FILES, undefined], [FILES, 50 << 20]] as const) {
    const { fault, sent } = flood(length);
    network.fault(path, fault);
    await later(phone.page);
    await expect(trouble(phone.page).filter({ hasText: 'it is too large' })).toBeVisible();
    await isAt(phone.page, 1);
    // What the system's buffers take comes on top of it; 50 MB do not fit into them.
    expect(sent(), `${path} ${length}`).toBeLessThan(30 << 20);
    await says(phone, FIRST);
    network.heal();
  }
  await later(phone.page);
  await isAt(phone.page, 2);
  await expect(trouble(phone.page)).toHaveCount(0);
  await desk.remove();
});

test('two tabs that look at once load a pack once, and both show it', async ({ join, network, server }) => {
  const desk = await PackDesk.open(server.data);
  await desk.publish(await desk.sign(1, FIRST));
  const one = await join('traveller', 'Idriss');
  await later(one.page);
  await isAt(one.page, 1);
  const other = await one.context.newPage();
  await later(other);
  await isAt(other, 1);

  await Promise.all([leave(one.page), leave(other)]);
  await desk.publish(await desk.sign(2, SECOND));
  const before = filesAsked(network);
  // Slow enough that both are at it at the same time.
  network.fault('/api/v1/pack', async (_asked, forward) => {
    await new Promise((then) => setTimeout(then, 300));
    return forward();
  });
  await Promise.all([later(one.page), later(other)]);
  await Promise.all([isAt(one.page, 2), isAt(other, 2)]);
  expect(filesAsked(network) - before).toBe(1);
  await desk.remove();
});

test('whoever changes to another organisation has its guidance and nothing of the former', async ({ join, server }) => {
  const desk = await PackDesk.open(server.data);
  await desk.publish(await desk.sign(1, FIRST, { more: 1 }));
  const phone = await join('traveller', 'Idriss');
  await later(phone.page);
  await isAt(phone.page, 1);
  await phone.guidance.open('rule-1');
  const key = await keyShown(phone.page);

  await server.organisation('other', 'Other aid');
  const others = await PackDesk.open(server.data, 'other');
  await others.publish(await others.sign(7, SECOND));
  await phone.shell.drained();
  await phone.enrol.open(await server.code('traveller', { org: 'other' }));
  await phone.enrol.name.fill('Idriss');
  await phone.enrol.useCode.click();
  await expect(phone.home.safe).toBeVisible();
  await later(phone.page);
  await isAt(phone.page, 7);
  expect(await keyShown(phone.page), 'another key is trusted').not.toBe(key);
  await says(phone, SECOND);
  await phone.page.goto('/guidance/rule-1');
  await expect(phone.page.getByRole('heading', { name: 'There is no such card' })).toBeVisible();
  expect(await kept(phone.page)).toHaveLength(1);
  await desk.remove();
  await others.remove();
});

async function keyShown(page: Page): Promise<string> {
  await later(page);
  return (await pack(page).locator('span').innerText()).trim();
}

test('a file that was changed on the phone is not shown, and is fetched again', async ({ join, network, server }) => {
  const desk = await PackDesk.open(server.data);
  await desk.publish(await desk.sign(1, FIRST));
  const phone = await join('traveller', 'Idriss');
  await later(phone.page);
  await isAt(phone.page, 1);
  await phone.goOffline();
  expect(await kept(phone.page, true)).toHaveLength(1);
  await later(phone.page);
  await expect(trouble(phone.page).filter({ hasText: 'is damaged and is not shown' })).toBeVisible();
  await phone.guidance.open('checkpoint');
  await expect(phone.guidance.steps.first(), 'the built-in card').not.toHaveText(/says our first rule/);
  await expect(phone.guidance.steps.first()).toBeVisible();

  const before = filesAsked(network);
  await phone.goOnline();
  await later(phone.page);
  await isAt(phone.page, 1);
  await expect(trouble(phone.page)).toHaveCount(0);
  expect(filesAsked(network) - before).toBe(1);
  await says(phone, FIRST);
  await desk.remove();
});

test('a download that breaks off at a file goes on where it was', async ({ join, network, server }) => {
  const desk = await PackDesk.open(server.data);
  await desk.publish(await desk.sign(1, FIRST));
  const phone = await join('traveller', 'Idriss');
  await later(phone.page);
  await isAt(phone.page, 1);
  await leave(phone.page);
  await desk.publish(await desk.sign(2, SECOND, { more: 3 }));
  let asked = 0;
  // The answer with all of them breaks off, and so do those from the third on.
  network.fault(FILES, (request, forward) => {
    const cut = request.method === 'POST' || ++asked > 2;
    return cut ? cutWithin(request, forward) : forward();
  });
  await later(phone.page);
  await expect(trouble(phone.page).filter({ hasText: '2 files of the newer guidance' })).toBeVisible();
  await says(phone, FIRST);
  await leave(phone.page);
  network.heal();
  const before = network.asked.length;
  await later(phone.page);
  await isAt(phone.page, 2);
  const bodies = network.asked.slice(before).filter(({ path }) => path === FILES).map(({ body }) => JSON.parse(body.toString()) as string[]);
  expect(bodies.map((names) => names.length), 'only what is missing').toEqual([2]);
  await says(phone, SECOND);
  await desk.remove();
});

test('a server that was restored offers an older pack, and the newer stays', async ({ join, server }) => {
  const desk = await PackDesk.open(server.data);
  await desk.publish(await desk.sign(1, FIRST));
  const phone = await join('traveller', 'Idriss');
  await later(phone.page);
  await isAt(phone.page, 1);
  const backup = await server.backup();
  const second = await desk.sign(2, SECOND);
  await desk.publish(second);
  await later(phone.page);
  await isAt(phone.page, 2);
  await server.stop();
  await server.restore(backup);
  await server.start();
  await later(phone.page);
  await expect(trouble(phone.page).filter({ hasText: 'it is older than the one here' })).toBeVisible();
  await isAt(phone.page, 2);
  await says(phone, SECOND);
  await desk.publish(second);
  await later(phone.page);
  await expect(trouble(phone.page)).toHaveCount(0);
  await isAt(phone.page, 2);
  await desk.remove();
});

for (const [wrong, expires, old] of [[400 * DAY, 100, 0], [-400 * DAY, -100, 1]] as const) {
  test(`a phone's clock that is wrong by ${wrong / DAY} days does not say what is past its date`, async ({ newPhone, server }) => {
    const desk = await PackDesk.open(server.data);
    const day = new Date(Date.now() + expires * DAY).toISOString().slice(0, 10);
    await desk.publish(await desk.sign(1, FIRST, { expires: day }));
    const phone = await newPhone();
    await setClockWrongBy(phone.context, wrong);
    await phone.join(await server.code('traveller'), 'Idriss');
    await later(phone.page);
    await isAt(phone.page, 1);
    const past = trouble(phone.page).filter({ hasText: 'past its date' });
    await expect(past).toHaveCount(old);
    await phone.goOffline();
    await later(phone.page);
    await isAt(phone.page, 1);
    await expect(past, 'also after a start without a network').toHaveCount(old);
    await says(phone, FIRST);
    await desk.remove();
  });
}

test('a card that its organisation has not translated shows in its own language and says which', async ({ join, server }) => {
  const desk = await PackDesk.open(server.data);
  await desk.publish(await desk.sign(1, FIRST));
  const phone = await join('traveller', 'Idriss');
  await later(phone.page);
  await isAt(phone.page, 1);
  await phone.settings.speak('Français');
  await says(phone, FIRST);
  const { card } = phone.guidance;
  await expect(card.locator('.guide-now')).toHaveAttribute('lang', 'en');
  await expect(card.locator('[name=language]')).toHaveCount(1);
  await expect(card.locator('[name=language][value=en]')).toBeChecked();
  await phone.guidance.open('bleeding');
  await expect(card.locator('.guide-now'), 'what is built in is translated').toHaveAttribute('lang', 'fr');
  await desk.remove();
});

test('a phone without room for records and a pack says so and loads nothing', async ({ join, network, server }) => {
  const desk = await PackDesk.open(server.data);
  await desk.publish(await desk.sign(1, FIRST));
  const phone = await join('traveller', 'Idriss');
  await later(phone.page);
  await isAt(phone.page, 1);
  await room(phone.page, 16 << 20);
  await leave(phone.page);
  await desk.publish(await desk.sign(2, SECOND));
  const before = filesAsked(network);
  await later(phone.page);
  await expect(trouble(phone.page).filter({ hasText: 'There is no room on this phone' })).toBeVisible();
  await isAt(phone.page, 1);
  expect(filesAsked(network)).toBe(before);
  await says(phone, FIRST);
  await phone.home.open();
  await phone.home.sayIAmSafe(1);
  await phone.shell.drained();
  await room(phone.page);
  await later(phone.page);
  await isAt(phone.page, 2);
  await desk.remove();
});

test('storage that fills up while a pack loads: what came of it goes, the old one stays', async ({ network, newPhone, server }) => {
  const desk = await PackDesk.open(server.data);
  await desk.publish(await desk.sign(1, FIRST));
  const phone = await newPhone();
  await quota(phone, network.url, 24 << 20);
  await phone.join(await server.code('traveller'), 'Idriss');
  await later(phone.page);
  await isAt(phone.page, 1);
  const before = await kept(phone.page);
  await leave(phone.page);
  await desk.publish(await desk.sign(2, SECOND, { more: 3 }));
  let most = 0;
  network.fault(FILES, async (request, forward) => {
    // One by one: the store is full at the third.
    if (request.method === 'POST') return 'cut';
    const now = (await kept(phone.page)).length;
    // It looks again later, when all of it has gone.
    most = Math.max(most, now);
    if (now === before.length + 2) await fillUp(phone.page);
    return forward();
  });
  await later(phone.page);
  await expect(trouble(phone.page).filter({ hasText: 'There is no room on this phone' })).toBeVisible({ timeout: 30_000 });
  expect(most, 'some had come').toBe(before.length + 2);
  await expect.poll(() => kept(phone.page)).toEqual(before);
  await says(phone, FIRST);
  await quota(phone, network.url);
  network.heal();
  await later(phone.page);
  await isAt(phone.page, 2);
  await says(phone, SECOND);
  await desk.remove();
});
