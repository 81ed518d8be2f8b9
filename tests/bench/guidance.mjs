// Guidance on a slow phone: how long from a letter in the search until the list has changed, with many cards in four languages;
// how long until a card stands without a network; and what a pack, and one changed card of it, cost on the wire.

import { load, machine, option, temporaryFolder } from './lib/environment.mjs';
import { publish, writePack } from './lib/packs.mjs';
import { join, launch } from './lib/phone.mjs';
import { median, printTable, quantile } from './lib/table.mjs';
import { startWaymark } from './lib/waymark.mjs';

const CARDS = option('cards', 500);
const SLOWER = option('slower', 6);
const ROUNDS = option('rounds', 5);
const WORDS = ['checkpoint', 'hijack', 'saignement', 'secuestro', 'حاجز', 'chekpiont', 'wounded leg', 'mark250xar'];

const IN_A_STEP = 'headlights';

/** From the letter until what is drawn after it is on the screen. */
function typed(text) {
  const field = document.querySelector('#f-guidance');
  const begun = performance.now();
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  return new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun), 0)));
}

/** From the letter until something is found, however often the screen is drawn before. */
function found(text) {
  const field = document.querySelector('#f-guidance');
  const begun = performance.now();
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  return new Promise((done) => {
    const look = () => (document.querySelector('[data-part=found] li') ? done(performance.now() - begun) : setTimeout(look, 1));
    look();
  });
}

/** As soon as the list stands, while the index is being made: a letter, then a word that stands in a step alone. */
async function early(page) {
  const letter = await page.evaluate(found, WORDS[0][0]);
  await page.evaluate(typed, '');
  return { letter, word: letter + (await page.evaluate(found, IN_A_STEP)) };
}

async function search(page) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const word of WORDS) {
      const letters = [...word];
      for (let end = 1; end <= letters.length; end++) {
        times.push(await page.evaluate(typed, letters.slice(0, end).join('')));
      }
      await page.evaluate(typed, '');
      await page.waitForTimeout(300);
    }
  }
  return times;
}

/** From the tap on a card to its steps; and from nothing, the app included. */
async function cards(page, origin) {
  const taps = [];
  const fresh = [];
  for (let round = 0; round < ROUNDS; round++) {
    await page.goto(`${origin}/guidance`);
    await page.locator('[data-part=fields]').waitFor();
    await page.evaluate(found, 'checkpoint');
    await page.waitForTimeout(1_000);
    taps.push(
      await page.evaluate(async () => {
        const begun = performance.now();
        document.querySelector('[data-part=found] a').click();
        while (!document.querySelector('.guide-now li')) await new Promise((done) => setTimeout(done, 1));
        return performance.now() - begun;
      }),
    );
    const begun = performance.now();
    await page.goto(`${origin}/guidance/checkpoint`);
    await page.locator('.guide-now li').first().waitFor();
    fresh.push(performance.now() - begun);
  }
  return { taps, fresh };
}

/** What this page has fetched over the network for packs until it told the server that it has this version. */
async function wire(page, version, work) {
  const told = page.waitForResponse((answer) => answer.url().endsWith(`/pack?have=${version}`), { timeout: 600_000 });
  await work();
  await (await told).finished();
  return page.evaluate(async () => {
    // What has just ended is entered a moment later.
    await new Promise((done) => setTimeout(done, 1_000));
    const all = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/v1/pack'));
    return { bytes: all.reduce((sum, { transferSize }) => sum + transferSize, 0), count: all.length };
  });
}

async function upTo(page, origin, version) {
  await page.goto(`${origin}/guidance`);
  await page.locator(`[data-part=pack][data-version="${version}"]`).waitFor({ timeout: 600_000 });
}

const folder = await temporaryFolder();
const data = `${folder.path}/server`;
const server = await startWaymark(data);
const context = await launch(`${folder.path}/phone`);
try {
  await writePack(folder.path, CARDS);
  await publish(folder.path, data, 1, false);
  const page = context.pages()[0] ?? (await context.newPage());
  const devtools = await context.newCDPSession(page);
  // The phone loads it as soon as it has joined.
  const all = await wire(page, 1, () => join(page, server));
  await publish(folder.path, data, 2, true);
  const changed = await wire(page, 2, () => upTo(page, server.origin, 2));
  await context.setOffline(true);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const begun = performance.now();
  await page.goto(`${server.origin}/guidance`);
  await page.locator('[data-part=fields]').waitFor();
  const opened = performance.now() - begun;
  const first = await early(page);
  await page.evaluate(typed, '');
  await page.waitForTimeout(300);
  const letters = await search(page);
  const { taps, fresh } = await cards(page, server.origin);
  console.log(`\n${CARDS} cards in four languages; ${machine()}, load ${load()} at the end; CPU slowed ${SLOWER} ×, offline; milliseconds\n`);
  printTable(['', 'Median', '95 %', 'Longest'], [
    ['a letter of the search → results', ...[0.5, 0.95, 1].map((at) => quantile(letters, at).toFixed(0))],
    ['the first letter, typed at once → something found', first.letter.toFixed(0), '', ''],
    ['as soon → what stands in a step alone found', first.word.toFixed(0), '', ''],
    ['a tap on a card → its steps', ...[0.5, 0.95, 1].map((at) => quantile(taps, at).toFixed(0))],
    ['the app and a card from nothing', ...[0.5, 0.95, 1].map((at) => quantile(fresh, at).toFixed(0))],
    ['the app and the list from nothing', opened.toFixed(0), '', ''],
  ]);
  console.log('\nOn the wire\n');
  printTable(['', 'Requests', 'kB'], [
    ['the whole pack, the first time', all.count, (all.bytes / 1e3).toFixed(1)],
    ['one card changed', changed.count, (changed.bytes / 1e3).toFixed(1)],
  ]);
  console.log(`\n${median(letters) <= 50 ? 'kept  ' : 'MISSED'}  a letter → results: ${median(letters).toFixed(0)} ms (budget 50)`);
} finally {
  await context.close();
  await server.stop();
  await folder.remove();
}
