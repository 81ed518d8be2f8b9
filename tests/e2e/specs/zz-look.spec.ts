import { test } from '../support/fixtures';
import { DESK } from '../support/phone';
test('look', async ({ join, server, network }) => {
  test.setTimeout(200_000);
  const out = '/tmp/carry/shots';
  const idriss = await join('traveller', 'Idriss');
  const amina = await join('manager', 'Amina Saleh', DESK);
  for (const p of [idriss, amina]) { await p.installed(); await p.carry.certified(); await p.goOffline(); }
  for (const note of ['At the bridge', 'At the market']) {
    await idriss.checkIn.open(); await idriss.checkIn.note.fill(note); await idriss.checkIn.save.click();
  }
  await idriss.carry.open();
  await idriss.page.screenshot({ path: `${out}/1-phone.png`, fullPage: true });
  const text = await idriss.carry.file();
  await idriss.carry.takeIn(text.replace('At the bridge', 'X'));
  await idriss.carry.takeIn(text.slice(0, -30));
  await idriss.page.waitForTimeout(500);
  await idriss.page.screenshot({ path: `${out}/2-phone-error.png`, fullPage: true });
  await idriss.carry.showCodes();
  await idriss.page.waitForTimeout(500);
  await idriss.page.screenshot({ path: `${out}/3-phone-codes.png`, fullPage: true });
  await amina.carry.open();
  await amina.carry.takeIn(text);
  await amina.page.waitForTimeout(800);
  await amina.page.screenshot({ path: `${out}/4-desk.png`, fullPage: true });
  await amina.page.emulateMedia({ colorScheme: 'dark' });
  await amina.page.screenshot({ path: `${out}/5-desk-dark.png`, fullPage: true });
  await idriss.page.emulateMedia({ colorScheme: 'dark' });
  await idriss.carry.open();
  await idriss.page.screenshot({ path: `${out}/6-phone-dark.png`, fullPage: true });
  await amina.goOnline();
  await amina.page.waitForTimeout(3000);
  await amina.page.screenshot({ path: `${out}/7-desk-answered.png`, fullPage: true });
  await idriss.page.goto('/settings');
  await idriss.page.locator('input[value=ar]').first().click({ force: true });
  await idriss.page.waitForTimeout(800);
  await idriss.page.screenshot({ path: `${out}/9-settings-ar.png` });
  await idriss.page.goto('/carry');
  await idriss.page.waitForTimeout(800);
  await idriss.page.screenshot({ path: `${out}/8-phone-ar.png`, fullPage: true });
  await idriss.page.goto('/records');
  await idriss.page.waitForTimeout(500);
  await idriss.page.screenshot({ path: `${out}/10-records-ar.png` });
});
