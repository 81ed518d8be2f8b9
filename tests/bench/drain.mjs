// Queued records sent to the local server until all receipts are written, next to PouchDB replicating as many documents
// of the same size to express-pouchdb. One browser, in turns.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isChecked, machine, option, temporaryFolder } from './lib/environment.mjs';
import { join, launch } from './lib/phone.mjs';
import { drained, fill, replicate, watchDrain } from './lib/drains.mjs';
import { seed } from './lib/seed.mjs';
import { judge, median, printTable } from './lib/table.mjs';
import { end, startWaymark } from './lib/waymark.mjs';

const RECORDS = option('records', 10_000);
const ROUNDS = option('rounds', 3);
const BUDGETS = { defaults: 10, best: 6 };
const BATCHES = [undefined, 500, 1000, 2500, 5000, 10_000];

async function startCouch(folder) {
  await mkdir(folder, { recursive: true });
  const script = fileURLToPath(new URL('lib/couch.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { origin: String(line).trim(), stop: () => end(child) };
}

/** A phone of its own for each round: nothing on it has been sent. */
async function drainApp(folder, name) {
  const server = await startWaymark(`${folder}/server-${name}`);
  const context = await launch(`${folder}/phone-${name}`);
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await join(page, server);
    await context.setOffline(true);
    await page.getByRole('button', { name: "I'm safe" }).click();
    await page.locator('li[data-state="queued"]').first().waitFor();
    const event = await page.evaluate(seed, RECORDS);
    await page.reload();
    await page.locator('li[data-state="queued"]').first().waitFor();
    await page.evaluate(watchDrain);
    await context.setOffline(false);
    return { ms: await page.evaluate(drained, RECORDS), event };
  } finally {
    await context.close();
    await server.stop();
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
  const app = [];
  const pouch = new Map(BATCHES.map((batch) => [batch, []]));
  for (let round = 0; round < ROUNDS; round++) {
    const { ms, event } = await drainApp(folder, `${round}`);
    app.push(ms);
    console.log(`Waymark: ${Math.round(ms)} ms`);
    for (const [batch, times] of pouch) {
      const took = await drainPouch(folder, couch.origin, { event, batch, name: `${round}-${batch}` });
      times.push(took);
      console.log(`PouchDB, ${batch ?? 'defaults'}: ${Math.round(took)} ms`);
    }
  }
  return { app: median(app), pouch: new Map([...pouch].map(([batch, times]) => [batch, median(times)])) };
}

function report({ app, pouch }) {
  const row = (what, ms) => [what, `${Math.round(ms)}`, `${Math.round((RECORDS / ms) * 1000)}`, (ms / app).toFixed(1)];
  const rows = [row('Waymark', app)];
  for (const [batch, ms] of pouch) rows.push(row(`PouchDB, ${batch ? `batches of ${batch}` : 'defaults'}`, ms));
  console.log(`\n${machine()}; ${RECORDS} records; medians of ${ROUNDS}\n`);
  printTable(['', 'ms', 'records/s', '× Waymark'], rows);
  const defaults = pouch.get(undefined) / app;
  const best = Math.min(...pouch.values()) / app;
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
