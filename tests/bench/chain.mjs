// A phone with a year of records on a slow machine: how long until each screen of the chain stands, by the number of
// records; what it takes of memory; and how fast incidents from elsewhere are brought in.

import { measureAwsd } from './lib/awsd.mjs';
import { listed, load, machine, option, temporaryFolder } from './lib/environment.mjs';
import { join, launch } from './lib/phone.mjs';
import { arrived, done, held, memory, opened, prepare, saved, tapped } from './lib/screens.mjs';
import { median, printTable } from './lib/table.mjs';
import { startWaymark } from './lib/waymark.mjs';
import { writeYear } from './lib/year.mjs';

const SIZES = listed('sizes', [12_500, 25_000, 50_000]);
const SLOWER = option('slower', 4);
const ROUNDS = option('rounds', 5);
const COLD_ROUNDS = option('cold', 3);
const IMPORTS = option('imports', 5);
const QUIET = 5_000;
/** From here on it is said to grow faster than the number of records. */
const FASTER = 1.15;

const THREATS = { href: '/threats', first: 'ul[data-part="open"] li[data-item]' };
const PLAIN = { href: '/settings', first: '.page h1' };
const SCREENS = [
  ['/threats', THREATS],
  ['/sectors', { href: '/sectors', first: 'article.sector' }],
  ...['risk', 'community', 'protection', 'mitigation'].map((sector) => [
    `/sectors/${sector}`,
    { href: `/sectors/${sector}`, first: 'ul.rows li[data-item]' },
  ]),
  ['/map', { href: '/map', first: '.sketch a.mark' }],
  ['report form of a threat', { href: '/report/threat', first: '[name="words"]' }],
];

/** Names with milliseconds, in the order in which they were first measured. */
class Times extends Map {
  add(name, ms) {
    this.set(name, [...(this.get(name) ?? []), ms]);
  }

  addBoth(name, { first, all }) {
    this.add(`${name}: the first of it`, first);
    this.add(`${name}: all read and drawn`, all);
  }
}

/** A phone that has all of it; the server goes on, as the phone reads its feed. */
async function filled(folder, size) {
  const data = `${folder}/server-${size}`;
  const server = await startWaymark(data);
  const year = await writeYear(server, data, size);
  const context = await launch(`${folder}/phone-${size}`);
  const page = context.pages()[0] ?? (await context.newPage());
  await page.addInitScript(prepare);
  const begun = performance.now();
  await join(page, { ...server, code: year.code });
  while ((await page.evaluate(held)) < year.rows.length) await page.waitForTimeout(500);
  const sync = performance.now() - begun;
  await page.waitForTimeout(QUIET);
  return { server, year, context, page, sync };
}

async function rest(page, ms = 1_500) {
  await page.evaluate(tapped, PLAIN);
  await page.waitForTimeout(ms);
}

/** The chain has not been asked for since the app was started. */
async function cold(page, origin, times, screens) {
  for (let round = 0; round < COLD_ROUNDS; round++) {
    for (const [name, screen] of screens) {
      await page.goto(`${origin}/settings`);
      await page.locator(PLAIN.first).waitFor();
      await page.waitForTimeout(QUIET);
      times.addBoth(`cold, ${name}`, await page.evaluate(tapped, screen));
    }
  }
  await page.goto(`${origin}/threats`);
  times.addBoth('app and chain from nothing, /threats', await page.evaluate(opened, THREATS));
}

async function warm(page, times, screens) {
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, screen] of screens) {
      await rest(page);
      times.add(`warm, ${name}`, (await page.evaluate(tapped, screen)).all);
    }
  }
}

/** What is done on a screen that stands. */
async function acts(page, times, year) {
  for (let round = 0; round < ROUNDS; round++) {
    await rest(page);
    await page.evaluate(tapped, SCREENS.find(([name]) => name === '/map')[1]);
    times.add('map: one step of panning', await page.evaluate(done, { on: '.sketch', key: 'ArrowRight' }));
    await rest(page);
    await page.evaluate(tapped, { href: '/report/threat', first: '[name="words"]' });
    times.add('report: one letter of the place', await page.evaluate(done, { on: '[name="place"]', text: 'A' }));
    await page.fill('[name="words"]', `Do not come back in round ${round}`);
    await page.waitForTimeout(1_000);
    times.add('report: tap to Saved', await page.evaluate(saved));
    await page.waitForTimeout(QUIET);
  }
  for (const href of ['/threats', '/sectors/community']) {
    await rest(page);
    await page.evaluate(tapped, SCREENS.find(([name]) => name === href)[1]);
    for (let round = 0; round < ROUNDS; round++) await oneMore(page, times, year, href);
  }
}

/** A record of somebody else while the screen stands. */
async function oneMore(page, times, year, href) {
  const [kind, data] =
    href === '/threats'
      ? ['threat.reported', { words: 'Leave before Friday', place: { name: 'Adré', at: [13.47, 22.2] } }]
      : ['community.heard', { feedback: 'question', words: 'When do you come?', place: { name: 'Adré' } }];
  const id = uuid();
  const shown = page.evaluate(arrived, { selector: `li[data-item="${id}"]` });
  await year.write([[kind, data, 0, { id, at: Date.now() }]]);
  times.add(`a new record on ${href}, answer to row`, await shown);
  await page.waitForTimeout(2_000);
}

function uuid() {
  const time = Date.now().toString(16).padStart(12, '0');
  const rest = crypto.randomUUID().slice(15);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest}`;
}

/** Of one size. */
async function measured(folder, size) {
  const { server, year, context, page, sync } = await filled(folder, size);
  const times = new Times();
  try {
    const last = (test) => year.rows.findLast(test).id;
    const threat = last(({ kind, depth }) => kind === 'threat.reported' && depth === 1);
    const movement = last(({ kind }) => kind === 'movement.planned');
    const screens = [
      ['an item', { href: `/records/${threat}`, first: 'ol.story li' }],
      ['go/no-go of 6 legs', { href: `/movements/${movement}`, first: '[data-part="go"] details.fold' }],
    ];
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    await page.goto(`${server.origin}/settings`);
    await page.waitForTimeout(QUIET);
    const before = await weighed(page, devtools);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await cold(page, server.origin, times, [['/threats', THREATS], ...screens]);
    await page.waitForTimeout(QUIET);
    const after = await weighed(page, devtools);
    await warm(page, times, [...SCREENS, ...screens]);
    await acts(page, times, year);
    return { size, times, sync, memory: [before, after, await weighed(page, devtools)] };
  } finally {
    await context.close();
    await server.stop();
  }
}

/** After the collector of garbage has run. */
async function weighed(page, devtools) {
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const js = metrics.find(({ name }) => name === 'JSHeapUsedSize').value;
  return { js, ...(await page.evaluate(memory)) };
}

/** By which power of the number of records it grows, from the smallest size to the largest. */
function power(all, of) {
  const [first, last] = [all[0], all.at(-1)];
  return Math.log(of(last) / of(first)) / Math.log(last.size / first.size);
}

function report(all) {
  const grown = all.length > 1;
  const rows = [...all[0].times.keys()].map((name) => {
    const of = ({ times }) => median(times.get(name));
    const by = grown ? power(all, of) : NaN;
    return [name, ...all.map((one) => of(one).toFixed(0)), grown ? by.toFixed(2) : '', by > FASTER ? '**faster than linearly**' : ''];
  });
  const sizes = all.map(({ size }) => `${size} records`);
  console.log(`\n${machine()}, load ${load()} at the end; CPU slowed ${SLOWER} ×; milliseconds, medians of ${ROUNDS} (cold: ${COLD_ROUNDS})\n`);
  printTable(['', ...sizes, 'grows with the power', ''], rows);
  const mega = (bytes) => (bytes / 1e6).toFixed(1);
  const line = (name, at, what) => [name, ...all.map((one) => mega(one.memory[at][what]))];
  console.log('\nMB; JavaScript after a collection, WebAssembly as it has grown\n');
  printTable(['', ...sizes], [
    line('JavaScript heap, chain not asked for', 0, 'js'),
    line('JavaScript heap, chain read', 1, 'js'),
    line('JavaScript heap, at the end', 2, 'js'),
    line('WebAssembly, chain not asked for', 0, 'wasm'),
    line('WebAssembly, chain read', 1, 'wasm'),
    line('WebAssembly, at the end', 2, 'wasm'),
    line('on the disk', 2, 'disk'),
    ['first sync, s, CPU not slowed', ...all.map(({ sync }) => (sync / 1_000).toFixed(1))],
  ]);
}

const folder = await temporaryFolder();
try {
  console.log(`${machine()}, load ${load()} at the start`);
  if (IMPORTS > 0) await measureAwsd(folder.path, IMPORTS);
  const all = [];
  for (const size of SIZES.filter((size) => size > 0)) all.push(await measured(folder.path, size));
  if (all.length > 0) report(all);
} finally {
  await folder.remove();
}
