// A phone's clock is set while the app is at work: by a network that tells a wrong time, or by a person.

import { Api, type Stored } from '../support/api';
import { cutBefore, first, problem } from '../support/faults';
import { expect, test } from '../support/fixtures';
import { PHONE, setClock, setClockWrongBy } from '../support/phone';
import { RECORDS } from '../support/proxy';

const HOUR = 3_600_000;
const JUMPS: [string, number][] = [
  ['an hour ahead', HOUR],
  ['a day back', -24 * HOUR],
];

/** When it happened, by the server's clock. */
const happened = ({ time, clockoffset = 0 }: Stored & { clockoffset?: number }) => Date.parse(time) + clockoffset;

for (const [name, jump] of JUMPS) {
  test(`${name} in the middle of a drain`, async ({ newPhone, network, server }) => {
    const central = await Api.enrol(server, 'central', 'HQ');
    const phone = await newPhone(PHONE);
    await setClockWrongBy(phone.context, 0);
    await phone.join(await server.code('traveller'), 'Idriss');
    await phone.goOffline();
    const begun = Date.now();
    const saved = await phone.home.sayIAmSafe(3);
    // With the records on their way there.
    network.fault(
      RECORDS,
      first(1, async (_asked, forward) => {
        const reply = await forward();
        await setClock(phone, jump);
        return reply;
      }),
    );
    await phone.goOnline();
    await phone.shell.drained();
    const after = await phone.home.sayIAmSafe(2);
    await phone.shell.drained();
    expect(await central.ids(), 'each once, in their order').toEqual([...saved, ...after]);
    expect(await phone.home.rows.ids(), 'the latest first').toEqual([...saved, ...after].reverse());
    const times = (await central.feed()).filter((record) => saved.concat(after).includes(record.id)).map(happened);
    for (const time of times) {
      expect(time).toBeGreaterThan(begun - 2_000);
      expect(time).toBeLessThan(Date.now() + 2_000);
    }
    expect(times.toSorted((one, other) => one - other), 'and so are their times').toEqual(times);
  });

  test(`${name} while it waits to try again`, async ({ newPhone, network, server }) => {
    const central = await Api.enrol(server, 'central', 'HQ');
    const phone = await newPhone(PHONE);
    await setClockWrongBy(phone.context, 0);
    await phone.join(await server.code('traveller'), 'Idriss');
    network.fault(RECORDS, first(3, cutBefore));
    const saved = await phone.home.sayIAmSafe(2);
    await expect.poll(() => network.sent().length).toBeGreaterThan(0);
    await setClock(phone, jump);
    // By itself, and soon: the longest wait after three failures is eight seconds.
    await phone.shell.drained(45_000);

    network.fault(RECORDS, first(1, problem(503, 'busy', 'come back later', { 'retry-after': '3' })));
    const asked = network.sent().length;
    saved.push(...(await phone.home.sayIAmSafe(1)));
    await expect.poll(() => network.sent().length).toBeGreaterThan(asked);
    await setClock(phone, 0);
    await phone.shell.drained();
    expect(await central.ids(), 'each once, in their order').toEqual(saved);
  });
}
