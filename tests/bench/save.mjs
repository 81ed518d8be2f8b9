// From the tap on "I'm safe" to Saved, next to bare puts of the same record by Dexie and PouchDB. All writes are of
// strict durability, on the same page, in turns.

import { createRequire } from 'node:module';
import { isChecked, machine, option, temporaryFolder } from './lib/environment.mjs';
import { join, launch } from './lib/phone.mjs';
import { fillPeers, measure, prepare } from './lib/puts.mjs';
import { seed } from './lib/seed.mjs';
import { judge, median, printTable, quantile } from './lib/table.mjs';
import { startWaymark } from './lib/waymark.mjs';

const BUDGET = 1.5;
const WARM_UP = 5;
const PAUSE_MS = 400;
const SETTLE_MS = 10_000;
const ROUNDS = option('rounds', 60);
const MANY = option('records', 10_000);
const KINDS = ['app', 'dexie', 'pouch'];

const { resolve } = createRequire(import.meta.url);
const peers = ['dexie/dist/dexie.min.js', 'pouchdb/dist/pouchdb.min.js'].map((path) => resolve(path));

async function series(page) {
  const times = { app: [], row: [], dexie: [], pouch: [] };
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    // Another one first in each round: whatever else the machine does meets all alike.
    const turns = KINDS.map((_, at) => KINDS[(round + at) % KINDS.length]);
    for (const kind of turns) {
      await page.waitForTimeout(PAUSE_MS);
      const took = await page.evaluate(measure, kind);
      if (round < WARM_UP) continue;
      times[kind].push(took.ms);
      if (took.row !== undefined) times.row.push(took.row);
    }
  }
  return times;
}

function row(count, what, times, base) {
  const ms = (number) => number.toFixed(1);
  const ratio = (median(times) / median(base)).toFixed(2);
  return [`${what}, ${count} records`, ms(median(times)), ms(quantile(times, 0.95)), ratio];
}

async function run(page, server) {
  for (const path of peers) await page.addInitScript({ path });
  await page.addInitScript(prepare);
  await join(page, server);
  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole('button', { name: "I'm safe" }).click();
  await page.locator('li[data-state="queued"]').first().waitFor();

  const rows = [];
  let kept = true;
  for (const count of [0, MANY]) {
    const event = await page.evaluate(seed, count);
    await page.reload();
    await page.getByRole('button', { name: "I'm safe" }).waitFor();
    await page.evaluate(fillPeers, { event, count });
    // What was just put there in bulk is still being tidied up by the browser.
    await page.waitForTimeout(count > 0 ? SETTLE_MS : 0);
    const times = await series(page);
    rows.push(row(count, 'Waymark, tap to Saved', times.app, times.dexie));
    rows.push(row(count, 'Waymark, tap to the row', times.row, times.dexie));
    rows.push(row(count, 'Dexie, bare put', times.dexie, times.dexie));
    rows.push(row(count, 'PouchDB, bare put', times.pouch, times.dexie));
    const ratio = median(times.app) / median(times.dexie);
    kept = judge(`tap to Saved with ${count} records`, ratio, `≤ ${BUDGET} × Dexie`, ratio <= BUDGET) && kept;
  }
  console.log(`\n${machine()}; ${ROUNDS} rounds; milliseconds\n`);
  printTable(['', 'Median', '95 %', '× Dexie'], rows);
  return kept;
}

const folder = await temporaryFolder();
const server = await startWaymark(`${folder.path}/server`);
const context = await launch(`${folder.path}/phone`);
try {
  const kept = await run(context.pages()[0] ?? (await context.newPage()), server);
  if (!kept && isChecked()) process.exitCode = 1;
} finally {
  await context.close();
  await server.stop();
  await folder.remove();
}
