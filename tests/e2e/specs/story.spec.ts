// The main job: a check-in made with no signal reaches a named manager, and the driver learns of it.

import { DESK, PHONE } from '../support/phone';
import { expect, test } from '../support/fixtures';

test('a check-in made with no signal is confirmed by name', async ({ join, newPhone, server }) => {
  const driver = await newPhone(PHONE);
  await driver.enrol.open(await server.code('traveller'));
  await driver.enrol.name.fill('Idriss');
  await driver.enrol.join.tap();
  await expect(driver.home.safe).toBeVisible();
  expect(new URL(driver.page.url()).hash, 'the code does not stay in the address').toBe('');
  await driver.installed();

  await driver.goOffline();
  await driver.shell.shows('offline');
  await driver.page.reload();
  // The first tap opened the app; this is the second.
  await driver.home.safe.tap();
  const id = await driver.home.rows.newest(1);
  const row = driver.home.rows.row(id);
  await expect(row).toContainText('Saved on this phone');
  await expect(row).toHaveAttribute('data-state', 'queued');
  await expect(driver.shell.sync).toHaveText('Offline · 1 to send');

  const amina = await join('manager', 'Amina', DESK);
  await amina.watch.open();
  await expect(amina.watch.live).toBeVisible();
  await expect(amina.page.getByText('Nothing waits for you')).toBeVisible();

  await driver.goOnline();
  await driver.shell.drained();
  // Live: nobody reloads the board.
  const waiting = amina.watch.rows.row(id);
  await expect(waiting).toContainText('Idriss');
  await expect(waiting).toContainText(/happened (\d+ \w+, )?\d\d:\d\d, arrived (\d+ \w+, )?\d\d:\d\d/);
  // The board says for itself that it was on a screen.
  await expect(row).toHaveAttribute('data-state', 'seen');
  await expect(row).toContainText('Seen by Amina');

  await amina.watch.confirm(waiting);
  await expect(waiting).toHaveAttribute('data-state', 'confirmed');
  await expect(row).toHaveAttribute('data-state', 'confirmed');
  await expect(row).toContainText(/Confirmed by Amina, (\d+ \w+, )?\d\d:\d\d/);
});

test('without anybody watching, a record that has arrived is "Sent"', async ({ join }) => {
  const driver = await join('traveller', 'Idriss');
  const [id = ''] = await driver.home.sayIAmSafe(1);
  await expect(driver.home.rows.row(id)).toHaveAttribute('data-state', 'stored');
  await expect(driver.home.rows.row(id).getByText('Sent', { exact: true })).toBeVisible();
});

for (const { language, dir, safe, languageName } of [
  { language: 'fr', dir: 'ltr', safe: 'Je suis en sécurité', languageName: 'Français' },
  { language: 'ar', dir: 'rtl', safe: 'أنا بأمان', languageName: 'العربية' },
]) {
  test(`the same screens in ${language}`, async ({ join }) => {
    const phone = await join('manager', 'Amina');
    await phone.settings.open();
    await phone.page.getByRole('radio', { name: languageName }).check({ force: true });
    await expect(phone.page.locator('html')).toHaveAttribute('lang', language);
    await expect(phone.page.locator('html')).toHaveAttribute('dir', dir);
    const chain = ['/report', '/report/threat', '/threats', '/sectors', '/map'];
    for (const route of ['/', '/check-in', '/records', '/watch', ...chain, '/settings', '/enrol']) {
      await phone.page.goto(route);
      // Kept, and there before the first paint.
      await expect(phone.page.locator('html')).toHaveAttribute('dir', dir);
      const title = phone.page.getByRole('heading', { level: 1 });
      await expect(title).toBeVisible();
      expect(await title.innerText(), `${route} is not in English`).not.toMatch(
        /check|record|waiting|settings|sign |join|report|threat|sector|\bmap/i,
      );
    }
    await phone.page.goto('/');
    await expect(phone.page.getByRole('button', { name: safe })).toBeVisible();
  });
}
