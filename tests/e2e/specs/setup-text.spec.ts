// Joining by a text that says where else records go.

import { Api } from '../support/api';
import { expect, test } from '../support/fixtures';
import { DESK } from '../support/phone';

const CLOUD = { kind: 'couchdb', name: 'Cloud', address: 'http://127.0.0.1:9/waymark', user: 'convoy', secret: 'a secret' };

test('a colleague joins our server by a code that says where else records go', async ({ join, newPhone, server }) => {
  const amina = await join('security', 'Amina', DESK);
  await amina.backends.open();
  const panel = amina.page.locator('[data-part=colleagues]');
  await expect(panel, 'the server makes codes for those who send to it alone').toHaveCount(0);
  await amina.backends.add(CLOUD);
  await expect(panel).toContainText('their sign-in is in it');
  await expect(amina.backends.setup, 'nobody joins the server without a code of its own').toHaveCount(0);
  await expect(amina.backends.place(1)).toContainText('Nothing has gone there yet.');
  await amina.page.locator('#f-their-code').fill('HELLO');
  await expect(amina.page.locator('#f-their-code-error')).toContainText('no one-time code');
  await expect(amina.backends.setup).toHaveCount(0);
  const text = await amina.backends.codeWith(await server.code('traveller'));

  const driver = await newPhone();
  await driver.enrol.open();
  await driver.enrol.fill(text, 'Idriss');
  await expect(driver.page.locator('[data-part=setup]')).toContainText(/You join .+\. Records go to: Waymark server, Cloud/);
  await expect(driver.page.locator('[data-part=setup]')).toContainText(CLOUD.address);
  await driver.enrol.join.tap();
  await expect(driver.home.safe).toBeVisible();
  await driver.home.sayIAmSafe(1);
  await driver.backends.open();
  await expect(driver.backends.home).toContainText('Has everything.');
  await expect(driver.backends.place(1)).toContainText('Cloud');
  await expect(driver.backends.place(1)).toContainText('1 record waits to go there.');
  const central = await Api.enrol(server, 'central', 'HQ');
  await expect.poll(async () => (await central.feed()).some((record) => record.type.includes('checkin.made'))).toBe(true);
});

test('whoever is signed in already is asked before their records go elsewhere', async ({ join, newPhone }) => {
  const stranger = await newPhone(DESK);
  await stranger.enrol.open();
  await stranger.backends.begin('Acme Relief', 'Amina', 'security', CLOUD);
  await expect(stranger.home.safe).toBeVisible();
  const text = await stranger.backends.codeFor('traveller');

  const driver = await join('traveller', 'Idriss');
  await driver.enrol.open();
  await driver.enrol.fill(text, 'Idriss');
  await driver.enrol.useCode.tap();
  const asked = driver.page.locator('[name=replace]');
  await expect(driver.page.locator('#f-replace-error')).toContainText('Look at the addresses');
  await expect(asked).toHaveAttribute('aria-invalid', 'true');
  await driver.backends.open();
  await expect(driver.backends.home).toContainText('Waymark server');

  await driver.enrol.open();
  await driver.enrol.fill(text, 'Idriss');
  await asked.check({ force: true });
  await driver.enrol.code.fill(`${text}\n`);
  await expect(asked, 'the same code').toBeChecked();
  await driver.enrol.code.fill(await stranger.backends.codeFor('manager'));
  await expect(asked, 'it was another code that was agreed to').not.toBeChecked();
  // What waits for the former organisation would be left behind.
  const agreed = async () => {
    await driver.enrol.open();
    await driver.enrol.fill(text, 'Idriss');
    await asked.check({ force: true });
    await driver.enrol.useCode.tap();
  };
  await driver.goOffline();
  await driver.home.open();
  await driver.home.sayIAmSafe(1);
  await agreed();
  await expect(driver.enrol.fault).toContainText('1 record');
  await driver.goOnline();
  await driver.shell.drained();
  await driver.backends.open();
  await expect(driver.backends.home).toContainText('Waymark server');
  await agreed();
  await expect(driver.home.safe).toBeVisible();
  await driver.backends.open();
  await expect(driver.backends.home).toContainText('Cloud');
});

test('a text without the code of the server says what is missing', async ({ newPhone }) => {
  const set = { org: 'acme', org_name: 'Acme', role: 'traveller', mirrors: [{ kind: 'couchdb', name: 'Cloud', address: CLOUD.address }] };
  const body = Buffer.from(JSON.stringify(set)).toString('base64url');
  const digest = await crypto.subtle.digest('SHA-256', Buffer.from(body));
  const check = Buffer.from(digest).toString('hex').slice(0, 8);
  const phone = await newPhone();
  await phone.enrol.open();
  await phone.enrol.fill(`waymark1.${body}.${check}`, 'Idriss');
  await phone.enrol.join.tap();
  await expect(phone.enrol.fault).toContainText('lacks the server’s one-time code');
});
