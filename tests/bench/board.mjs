// The watch board with many movements on a slow machine: how long until it stands, and until one new check-in shows.

import { machine, option, temporaryFolder } from './lib/environment.mjs';
import { heard, plan, writer } from './lib/convoys.mjs';
import { join, launch } from './lib/phone.mjs';
import { median, printTable, quantile } from './lib/table.mjs';
import { startWaymark } from './lib/waymark.mjs';

const MOVEMENTS = option('movements', 500);
const CHECKINS = option('checkins', 4);
const SLOWER = option('slower', 6);
const ROUNDS = option('rounds', 12);
const BATCH = 500;
const QUIET = 10_000;

const rows = (page) => page.locator('li[data-movement]');

/** Every movement with its check-ins; the last were heard a few minutes ago, so that nothing falls due meanwhile. */
async function fill(write) {
  const ids = [];
  for (let from = 0; from < MOVEMENTS; from += BATCH) {
    const count = Math.min(BATCH, MOVEMENTS - from);
    ids.push(...(await write(Array.from({ length: count }, (_, at) => ['movement.planned', plan(from + at + 1), 201]))));
  }
  const checkins = ids.flatMap((id) =>
    Array.from({ length: CHECKINS }, (_, at) => ['checkin.made', heard(id, at * 10), 5 + (CHECKINS - 1 - at) * 40]),
  );
  for (let from = 0; from < checkins.length; from += BATCH) await write(checkins.slice(from, from + BATCH));
  return ids;
}

/** In the page: nothing has been sent for so long. */
function quiet(ms) {
  return new Promise((done) => {
    let since = performance.now();
    const look = setInterval(() => {
      if (!document.querySelector('[data-sync="idle"]')) since = performance.now();
      if (performance.now() - since < ms) return;
      clearInterval(look);
      done();
    }, 50);
  });
}

/** In the page: milliseconds since the address was opened until the first row stands, and until all do. */
function stand(count) {
  return new Promise((done) => {
    let first = 0;
    const look = () => {
      const there = document.querySelector('ul.out')?.childElementCount ?? 0;
      if (there > 0 && !first) first = performance.now();
      if (there < count) requestAnimationFrame(look);
      else done({ first, all: performance.now() });
    };
    look();
  });
}

/** In the page: from the feed's answer, with the new check-in in it, until its row has changed. */
function change(id) {
  const row = document.querySelector(`li[data-movement="${id}"]`);
  const before = row.textContent;
  performance.clearResourceTimings();
  return new Promise((done) => {
    const look = () => {
      const now = document.querySelector(`li[data-movement="${id}"]`);
      if (now && now.textContent !== before) {
        const feeds = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/feed'));
        const answered = Math.max(...feeds.map(({ responseEnd }) => responseEnd).filter((at) => at < performance.now()));
        done(performance.now() - answered);
      } else requestAnimationFrame(look);
    };
    look();
  });
}

async function run(page, server) {
  const write = await writer(server, server.codes.traveller, 'Idriss');
  const ids = await fill(write);
  await page.setViewportSize({ width: 1280, height: 800 });
  await join(page, { ...server, code: server.codes.manager });
  await page.goto(`${server.origin}/watch`);
  await rows(page).nth(MOVEMENTS - 1).waitFor({ timeout: 300_000 });
  // The board notes that it has seen what waits, and the app is put into the cache: other jobs than this one.
  await page.evaluate(quiet, QUIET);

  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const opened = { first: [], all: [] };
  for (let round = 0; round < 3; round++) {
    await page.reload();
    const { first, all } = await page.evaluate(stand, MOVEMENTS);
    opened.first.push(first);
    opened.all.push(all);
    await page.waitForTimeout(3_000);
  }
  const changed = [];
  for (let round = 0; round < ROUNDS; round++) {
    const id = ids[(round * 37) % ids.length];
    const shown = page.evaluate(change, id);
    await write([['checkin.made', heard(id, 50 + round), 0]]);
    changed.push(await shown);
    await page.waitForTimeout(2_000);
  }
  console.log(`\n${machine()}; ${MOVEMENTS} movements with ${CHECKINS} check-ins, CPU slowed ${SLOWER} ×; milliseconds\n`);
  const ms = (number) => number.toFixed(0);
  const row = (what, times) => [what, ms(median(times)), ms(quantile(times, 0.95))];
  printTable(['', 'Median', '95 %'], [
    row('opened: the first row', opened.first),
    row('opened: all rows', opened.all),
    row('one new check-in, answer to row', changed),
  ]);
}

const folder = await temporaryFolder();
const server = await startWaymark(`${folder.path}/server`);
const context = await launch(`${folder.path}/phone`);
try {
  await run(context.pages()[0] ?? (await context.newPage()), server);
} finally {
  await context.close();
  await server.stop();
  await folder.remove();
}
