// A phone that goes to another organisation takes no record along, and leaves none behind that could still arrive.

import { Api } from '../support/api';
import { rejecting } from '../support/faults';
import { expect, test } from '../support/fixtures';
import { Phone } from '../support/phone';
import { RECORDS } from '../support/proxy';

test('what waits for one organisation keeps the phone there; what waits for others does not', async ({ join, network, server }) => {
  test.setTimeout(120_000);
  const central = await Api.enrol(server, 'central', 'HQ');
  await server.organisation('other', 'Other aid');
  const phone = await join('traveller', 'Idriss');

  const comeBy = async (org?: string) => {
    await phone.enrol.open(await server.code('traveller', org ? { org } : {}));
    await phone.enrol.name.fill('Idriss');
    await phone.enrol.useCode.click();
  };
  /** One record that the server does not take. */
  const refused = async () => {
    await phone.goOffline();
    const [id = ''] = await phone.home.sayIAmSafe(1);
    network.fault(RECORDS, rejecting(id, 'not now'));
    await phone.goOnline();
    await expect(phone.home.rows.row(id)).toHaveAttribute('data-state', 'refused');
    network.heal();
    return id;
  };
  const again = async (id: string) => {
    await phone.records.open(id);
    await phone.records.retry.click();
    await expect(phone.records.detail.locator('[data-state]').first()).toHaveAttribute('data-state', 'stored');
  };

  const first = await refused();
  await comeBy('other');
  await expect(phone.enrol.fault).toContainText('1 record');
  await phone.home.open();
  await expect(phone.home.rows.row(first), 'it is still there').toHaveAttribute('data-state', 'refused');
  // To the same organisation it may come back, and the record goes out.
  await comeBy('demo');
  await expect(phone.home.safe).toBeVisible();
  await again(first);

  // A tab that does not hear that the phone has gone elsewhere writes for the former organisation.
  const page = await phone.context.newPage();
  await page.addInitScript(() => Reflect.deleteProperty(window, 'BroadcastChannel'));
  const deaf = new Phone(page);
  await deaf.home.open();
  await comeBy('other');
  await expect(phone.home.safe).toBeVisible();
  const [strange = ''] = await deaf.home.sayIAmSafe(1);
  await expect(deaf.home.rows.row(strange)).toHaveAttribute('data-state', 'refused');
  await page.close();

  await phone.home.open();
  const second = await refused();
  await comeBy('demo');
  await expect(phone.enrol.fault, 'of two refused ones, that of this organisation').toContainText('1 record');
  await again(second);
  // The other one keeps nobody: it waits for the phone to come back.
  await comeBy('demo');
  await expect(phone.home.safe).toBeVisible();
  await expect(phone.home.rows.row(strange)).toHaveAttribute('data-state', 'refused');
  await again(strange);
  const ids = await central.ids();
  expect(ids.toSorted(), 'each once, and none of the other organisation').toEqual([first, strange].toSorted());
});
