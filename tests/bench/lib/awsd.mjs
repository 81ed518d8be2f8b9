// How many rows of the Aid Worker Security Database the server brings in a second.

import { execFile } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { needed } from './environment.mjs';
import { median, printTable, quantile } from './table.mjs';
import { startWaymark } from './waymark.mjs';

const BESIDE = fileURLToPath(new URL('../../../../shared/data/awsd-2016-10-03.csv', import.meta.url));
const ROWS = 2_088;

/** The export itself where it is at hand, else rows of its shape. */
async function file(folder) {
  for (const path of [process.env.WAYMARK_AWSD, BESIDE]) {
    if (path && (await access(path).then(() => true, () => false))) return { path, what: 'the real file' };
  }
  const path = `${folder}/awsd.csv`;
  await writeFile(path, invented());
  return { path, what: 'invented rows' };
}

function invented() {
  const people = ['Nationals', 'Internationals'].flatMap((who) => ['killed', 'wounded', 'kidnapped'].map((how) => `${who} ${how}`));
  const heads = ['Incident ID', 'Year', 'Month', 'Day', 'Country', 'Region', 'District', 'City', 'UN', 'INGO', 'LNGO/NRCS'];
  heads.push('ICRC', 'IFRC', 'Other', ...people.slice(0, 3), 'Total nationals', ...people.slice(3), 'Total internationals');
  heads.push('Total killed', 'Total wounded', 'Total kidnapped', 'Total affected', 'Gender Male', 'Gender Female');
  heads.push('Gender Unknown', 'Means of attack', 'Attack context', 'Location', 'Latitude', 'Longitude', 'Details');
  const lines = [heads.map((head) => `"${head}"`).join(',')];
  for (let n = 1; n <= ROWS; n++) {
    const [year, month, day] = [1997 + (n % 20), 1 + (n % 12), 1 + (n % 28)];
    const where = ['Chad', '"Ouaddaï "', 'Assoungha', 'Adré'];
    const counts = [0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0];
    const details = '"1 INGO national staff member killed on the road by unknown armed men, who took the vehicle and left the driver."';
    lines.push([n, year, month, day, ...where, ...counts, 'S', 'Am', 'R', 13.46648, 22.19875, details].join(','));
  }
  return lines.join('\n');
}

/** Into an organisation that holds nothing, then once more into the same, where all is held already. */
export async function measureAwsd(folder, rounds) {
  const { path, what } = await file(folder);
  const bytes = (await readFile(path)).length;
  const [first, again] = [[], []];
  let rows = 0;
  for (let round = 0; round < rounds; round++) {
    const data = `${folder}/awsd-${round}`;
    await (await startWaymark(data)).stop();
    for (const times of [first, again]) {
      const begun = performance.now();
      const { stdout } = await promisify(execFile)(needed('WAYMARK_SERVER'), ['import', 'awsd', path, '--data', data]);
      times.push(performance.now() - begun);
      rows = Number(/: (\d+) rows/.exec(stdout)?.[1]);
      const held = Number(/(\d+) (?:imported|already there)/.exec(stdout)?.[1]);
      if (times === first && !(held > 0)) throw new Error(`nothing was brought in: ${stdout.slice(0, 200)}`);
    }
  }
  const row = (name, times) => [name, ...[median(times), quantile(times, 1)].map((ms) => ms.toFixed(0)), ((rows / median(times)) * 1_000).toFixed(0)];
  console.log(`\nimport of ${what}: ${rows} rows, ${Math.round(bytes / 1_000)} kB; process and all, ${rounds} rounds\n`);
  printTable(['', 'Median, ms', 'Longest, ms', 'rows/s'], [row('all are new', first), row('all are held', again)]);
}
