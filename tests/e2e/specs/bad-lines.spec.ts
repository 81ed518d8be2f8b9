// A queue made offline drains over every kind of bad line: nothing is lost, nothing comes twice, and what the phone says
// meanwhile is true.

import { Api } from '../support/api';
import { expect, test } from '../support/fixtures';
import type { Ending } from '../support/line';
import { type Phone, PHONE } from '../support/phone';
import { RECORDS } from '../support/proxy';

/** What the phone says is stored, the server has; asked again and again until all is sent. */
async function drainsTruthfully(phone: Phone, central: Api, within = 20_000): Promise<void> {
  const until = Date.now() + within;
  for (let sent = false; !sent && Date.now() < until; ) {
    sent = (await phone.shell.sync.innerText()) === 'All sent';
    const said = await phone.home.rows.in('stored').evaluateAll((rows) => rows.map((row) => row.dataset['record']));
    const held = await central.ids();
    expect(said.filter((id) => !held.includes(id ?? '')), 'said to be stored, and is not').toEqual([]);
    // A device may ask so many times a second.
    await phone.page.waitForTimeout(100);
  }
  await phone.shell.drained();
}

const POST = `POST ${RECORDS} `;
const CUT: [string, Ending, number][] = [
  ['reset before its body', 'reset', 0],
  ['reset in the middle', 'reset', 200],
  ['cut short', 'end', 200],
];

for (const [name, ending, bytes] of CUT) {
  test(`an answer ${name}`, async ({ join, lineTo, network, server }) => {
    const line = await lineTo(network.url);
    const central = await Api.enrol(server, 'central', 'HQ');
    const phone = await join('traveller', 'Idriss', { ...PHONE, baseURL: line.url });
    await phone.goOffline();
    const saved = await phone.home.sayIAmSafe(4);
    line.cutAnswers({ request: POST, bytes, ending });
    await phone.goOnline();
    await expect.poll(() => line.cuts).toBeGreaterThan(0);
    // The server has them, and this has reached nobody.
    await expect.poll(() => central.ids()).toHaveLength(4);
    await expect(phone.home.rows.in('queued')).toHaveCount(4);
    await expect(phone.shell.sync).toHaveText('Offline · 4 to send');
    await phone.newNetwork();
    await expect.poll(() => line.cuts).toBeGreaterThan(1);
    await expect(phone.home.rows.in('queued')).toHaveCount(4);
    line.heal();
    await phone.newNetwork();
    await drainsTruthfully(phone, central);
    await expect(phone.home.rows.in('stored')).toHaveCount(4);
    expect((await central.ids()).toSorted()).toEqual(saved.toSorted());
  });
}

test('a second and more until anything comes back', async ({ join, lineTo, network, server }) => {
  const line = await lineTo(network.url);
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('traveller', 'Idriss', { ...PHONE, baseURL: line.url });
  await phone.goOffline();
  const saved = await phone.home.sayIAmSafe(5);
  line.latency(700, 600);
  await phone.goOnline();
  // Asked in one, as it is over soon.
  const shown = () => phone.page.evaluate(() => [
    document.querySelector('[data-sync]')?.getAttribute('data-sync'),
    document.querySelectorAll('li[data-state=stored]').length,
  ]);
  await expect.poll(shown, { intervals: [50] }).toEqual(['sending', 0]);
  await drainsTruthfully(phone, central);
  expect((await central.ids()).toSorted()).toEqual(saved.toSorted());
});

test('sixty records at 40 kbit/s', async ({ join, lineTo, network, server }, info) => {
  test.setTimeout(180_000);
  const line = await lineTo(network.url);
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('traveller', 'Idriss', { ...PHONE, baseURL: line.url });
  await phone.goOffline();
  const saved = await phone.home.sayIAmSafeOften(60);
  line.bandwidth(40_000);
  const before = { up: line.up.bytes, down: line.down.bytes, at: Date.now() };
  await phone.goOnline();
  await drainsTruthfully(phone, central, 60_000);
  const [up, down] = [line.up.bytes - before.up, line.down.bytes - before.down];
  const took = `${saved.length} records in ${Date.now() - before.at} ms and ${network.sent().length} requests: ${up} bytes up, ${down} down`;
  info.annotations.push({ type: 'measured', description: took });
  console.log(took);
  expect((await central.ids()).toSorted()).toEqual(saved.toSorted());
});
