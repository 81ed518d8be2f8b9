// Queued records sent to each backend that there is a peer for, until all receipts are written; next to PouchDB replicating as many
// documents of the same size to the same express-pouchdb. One browser, in turns. To our server and CouchDB by the very run that the
// budgets are for.

import { chosen, isChecked, machine, option, temporaryFolder } from './lib/environment.mjs';
import { drained, fill, replicate, watchDrain } from './lib/drains.mjs';
import { HOMES, startCouch } from './lib/homes.mjs';
import { launch } from './lib/phone.mjs';
import { seed } from './lib/seed.mjs';
import { judge, median, printTable } from './lib/table.mjs';
import { startWaymark } from './lib/waymark.mjs';

const RECORDS = option('records', 10_000);
/** Where each record is a request of its own. */
const EACH = option('each', 1_000);
const ROUNDS = option('rounds', 3);
const ON = chosen('on', [...Object.keys(HOMES), 'pouchdb']);
const BUDGETS = { defaults: 10, best: 6 };
const BATCHES = [undefined, 500, 1000, 2500, 5000, 10_000];

/** A phone and a backend of their own for each round: nothing has been sent and nothing is there. */
async function drainApp(folder, couch, on, round) {
  const count = HOMES[on].each ? EACH : RECORDS;
  const server = await startWaymark(`${folder}/server-${on}-${round}`);
  const context = await launch(`${folder}/phone-${on}-${round}`);
  let home;
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    home = await HOMES[on].to(page, server, couch, round);
    await context.setOffline(true);
    await page.getByRole('button', { name: "I'm safe" }).click();
    await page.locator('li[data-state="queued"]').first().waitFor();
    const event = await page.evaluate(seed, count);
    await page.reload();
    await page.locator('li[data-state="queued"]').first().waitFor();
    await page.evaluate(watchDrain);
    const begun = performance.now();
    await context.setOffline(false);
    const { ms, asked } = await page.evaluate(drained, count);
    const there = home.held && (await arrived(home, count));
    return { ms: home.follows ? there - begun : ms, asked, count, event };
  } finally {
    await context.close();
    await home?.close();
    await server.stop();
  }
}

/** Every record is there, and no other; where they follow from elsewhere, sooner or later. Gives when that was seen. */
async function arrived({ held, follows }, count) {
  for (const until = performance.now() + 600_000; ; ) {
    const there = await held();
    if (there === count) return performance.now();
    if (!follows || there > count || performance.now() > until) throw new Error(`${there} of ${count} records arrived`);
    await new Promise((then) => setTimeout(then, 20));
  }
}

async function drainPouch(folder, origin, { event, batch, name }) {
  const context = await launch(`${folder}/pouch-${name}`);
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(`${origin}/page`);
    await page.evaluate(fill, { event, count: RECORDS });
    return await page.evaluate(replicate, { to: `${origin}/to-${name}`, batch, count: RECORDS });
  } finally {
    await context.close();
  }
}

async function run(folder, couch) {
  const homes = new Map(ON.filter((on) => on !== 'pouchdb').map((on) => [on, []]));
  const pouch = new Map(ON.includes('pouchdb') ? BATCHES.map((batch) => [batch, []]) : []);
  for (let round = 0; round < ROUNDS; round++) {
    let event;
    for (const [on, times] of homes) {
      const took = await drainApp(folder, couch, on, round);
      event ??= took.event;
      times.push(took);
      console.log(`${on}: ${Math.round(took.ms)} ms, ${took.asked} requests for ${took.count} records`);
    }
    for (const [batch, times] of pouch) {
      if (!event) throw new Error('PouchDB sends what the app has made: name a backend of the app, too');
      const ms = await drainPouch(folder, couch.origin, { event, batch, name: `${round}-${batch}` });
      times.push({ ms, count: RECORDS });
      console.log(`PouchDB, ${batch ?? 'defaults'}: ${Math.round(ms)} ms`);
    }
  }
  return { homes, pouch };
}

function report({ homes, pouch }) {
  const middle = (times) => median(times.map(({ ms }) => ms));
  const row = (what, times) => {
    const [count, ms] = [times[0].count, middle(times)];
    const requests = times[0].asked === undefined ? '' : `${median(times.map(({ asked }) => asked))}`;
    return [what, `${count}`, `${Math.round(ms)}`, (ms / count).toFixed(2), `${Math.round((count / ms) * 1000)}`, requests];
  };
  const rows = [...homes].map(([on, times]) => row(HOMES[on].told, times));
  for (const [batch, times] of pouch) rows.push(row(`PouchDB, ${batch ? `batches of ${batch}` : 'defaults'}`, times));
  console.log(`\n${machine()}; medians of ${ROUNDS}\n`);
  printTable(['', 'records', 'ms', 'ms a record', 'records/s', 'requests'], rows);
  if (pouch.size === 0 || !homes.has('server')) return true;
  const app = middle(homes.get('server'));
  const peers = [...pouch].map(([batch, times]) => [batch, middle(times) / app]);
  const defaults = peers[0][1];
  const best = Math.min(...peers.map(([, ratio]) => ratio));
  const kept = [
    judge('faster than PouchDB with its defaults', defaults, `≥ ${BUDGETS.defaults} ×`, defaults >= BUDGETS.defaults),
    judge('faster than PouchDB with its best batch', best, `≥ ${BUDGETS.best} ×`, best >= BUDGETS.best),
  ];
  return kept.every(Boolean);
}

const folder = await temporaryFolder();
const couch = await startCouch(`${folder.path}/couch`);
try {
  const kept = report(await run(folder.path, couch));
  if (!kept && isChecked()) process.exitCode = 1;
} finally {
  await couch.stop();
  await folder.remove();
}
