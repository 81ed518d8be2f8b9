// The server may die at any moment and may come back with an older memory.

import { Api } from '../support/api';
import { cutAfter, cutBefore, first } from '../support/faults';
import { expect, test } from '../support/fixtures';
import { DESK } from '../support/phone';
import { RECORDS } from '../support/proxy';

const ROUNDS = 9;

test('a server killed while it acknowledges, again and again', async ({ server, network, join }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('traveller', 'Idriss');
  const saved: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const killed = new Promise<void>((done) => {
      network.fault(
        RECORDS,
        first(1, async (_asked, forward) => {
          const reply = forward().catch(() => undefined);
          // At once, a little later, and with the answer on its way.
          if (round % 3 === 1) await new Promise((then) => setTimeout(then, 4 * round));
          if (round % 3 === 2) await reply;
          await server.kill();
          network.down();
          done();
          return 'cut';
        }),
      );
    });
    saved.push(...(await phone.home.sayIAmSafe(3)));
    await killed;
    await server.start();
    network.heal();
    await phone.newNetwork();
    await phone.shell.drained();
  }
  expect((await central.ids()).toSorted(), 'each exactly once').toEqual(saved.toSorted());
});

test('a connection cut before and after the server got the records', async ({ server, network, join }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('traveller', 'Idriss');
  const saved: string[] = [];
  for (const fault of [cutBefore, cutAfter]) {
    network.fault(RECORDS, first(2, fault));
    saved.push(...(await phone.home.sayIAmSafe(2)));
    // By itself: the backoff of two failures is a few seconds.
    await phone.shell.drained();
    network.heal();
  }
  expect((await central.ids()).toSorted()).toEqual(saved.toSorted());
});

test('a server restored from an older backup gets everything again', async ({ server, join }) => {
  const driver = await join('traveller', 'Idriss');
  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  const early = await driver.home.sayIAmSafe(2);
  await driver.shell.drained();
  await expect(amina.watch.waiting).toHaveCount(2);
  const backup = await server.backup();

  const late = await driver.home.sayIAmSafe(3);
  await driver.shell.drained();
  const confirmed = late[0] ?? '';
  await amina.watch.confirm(amina.watch.rows.row(confirmed));
  await expect(driver.home.rows.row(confirmed)).toHaveAttribute('data-state', 'confirmed');
  await amina.shell.drained();

  await server.stop();
  await server.restore(backup);
  await server.start();
  // Nobody is told to do anything: the phones learn of it by the feed.
  await driver.newNetwork();
  await amina.newNetwork();
  const central = await Api.enrol(server, 'central', 'HQ');
  const all = [...early, ...late].toSorted();
  await expect.poll(async () => (await central.ids()).toSorted(), { timeout: 20_000 }).toEqual(all);
  await expect
    .poll(async () => (await central.feed()).filter((record) => record.type.includes('checkin.confirmed')).length)
    .toBe(1);
  await driver.shell.drained();
  await expect(driver.home.rows.row(confirmed)).toContainText('Confirmed by Amina');
});

test('a server whose disk is full: the phone keeps its records, says so, and is rid of them when there is room', async ({ server, join }) => {
  test.skip(process.platform !== 'linux', 'there is no prlimit');
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('traveller', 'Idriss');
  const before = await phone.home.sayIAmSafe(1);
  await phone.shell.drained();
  await server.full(true);
  const kept = await phone.home.sayIAmSafe(3);
  await expect(phone.shell.sync).toHaveText('3 to send');
  await expect(phone.home.rows.in('queued')).toHaveCount(3);
  await phone.backends.open();
  await expect(phone.backends.home).toContainText('It cannot take records just now.');
  await expect(phone.backends.home).toContainText('3 records wait to go there.');
  expect(await central.ids(), 'what it has can be read').toEqual(before);

  await server.full(false);
  // By itself: nobody touches the phone.
  await phone.shell.drained(45_000);
  await expect(phone.backends.home).toContainText('Has everything.');
  expect((await central.ids()).toSorted()).toEqual([...before, ...kept].toSorted());
});
