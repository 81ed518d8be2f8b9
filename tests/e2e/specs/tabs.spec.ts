// The app open twice is one queue: each record goes once.

import { Api } from '../support/api';
import { recordsIn } from '../support/faults';
import { expect, test } from '../support/fixtures';
import { Phone } from '../support/phone';
import { RECORDS } from '../support/proxy';

test('two tabs save and send at once', async ({ server, network, join }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const one = await join('traveller', 'Idriss');
  const other = new Phone(await one.context.newPage());
  await other.home.open();
  // Slow enough that both tabs would be at it at the same time.
  network.fault(RECORDS, async (_asked, forward) => {
    await new Promise((then) => setTimeout(then, 60));
    return forward();
  });
  await Promise.all([tap(one, 10), tap(other, 10)]);
  await expect.poll(async () => (await central.ids()).length, { timeout: 20_000 }).toBe(20);
  await one.shell.drained();
  await other.shell.drained();

  const ids = await central.ids();
  expect(new Set(ids).size, 'no duplicates').toBe(20);
  const sent = network.sent().flatMap(recordsIn);
  expect(sent.length, 'nothing was sent twice').toBe(20);
  for (const phone of [one, other]) {
    await phone.records.open();
    expect((await phone.records.allIds()).toSorted(), 'both tabs show all').toEqual(ids.toSorted());
  }
});

test('what one tab saves and what is said of it shows in the other', async ({ join }) => {
  const one = await join('traveller', 'Idriss');
  const other = new Phone(await one.context.newPage());
  await other.home.open();
  await one.goOffline();
  const [id = ''] = await one.home.sayIAmSafe(1);
  await expect(other.home.rows.row(id)).toHaveAttribute('data-state', 'queued');
  await one.goOnline();
  await expect(other.home.rows.row(id)).toHaveAttribute('data-state', 'stored');
});

/** Counts what was saved by the button being ready again. Lists cannot tell: they show the other tab's too. */
async function tap(phone: Phone, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await expect(phone.home.safe).not.toHaveAttribute('aria-disabled', 'true');
    await phone.home.safe.click();
    // A save that takes longer shows on the button by then; a tap before its end would count for nothing.
    await phone.page.waitForTimeout(200);
  }
}
