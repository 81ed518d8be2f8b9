// Central changes a procedure, and a phone has it; and everything that must never be shown.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { PackDesk } from '../support/pack-desk';

const FIRST = 'Stop, says our first rule.';
const SECOND = 'Stop early, says our second rule.';

/** Looks for a newer pack as somebody does who opens the guidance later. */
async function later(page: Page): Promise<void> {
  await page.goto('/guidance');
  await expect(page.locator('[data-part=fields]')).toBeVisible();
}

test('a card that central has changed reaches a phone, shows as changed, and stays offline', async ({ join, server }) => {
  const desk = await PackDesk.open(server.data);
  await desk.publish(await desk.sign(1, FIRST));
  const phone = await join('traveller', 'Idriss');
  const { guidance, page } = phone;
  await later(page);
  await expect(page.locator('[data-part=pack]')).toHaveAttribute('data-version', '1');
  await expect(page.locator('[data-part=changed]'), 'a first pack is new as a whole').toHaveCount(0);
  await guidance.open('checkpoint');
  await expect(guidance.steps.first()).toHaveText(FIRST);
  await expect.poll(() => desk.list()).toMatch(/Idriss.*\b1\b/);

  await desk.publish(await desk.sign(2, SECOND));
  await later(page);
  await expect(page.locator('[data-part=pack]')).toHaveAttribute('data-version', '2');
  await page.locator('[data-part=changed] a').click();
  await expect(guidance.steps.first()).toHaveText(SECOND);
  await later(page);
  await expect(page.locator('[data-part=changed]')).toHaveCount(0);
  await expect.poll(() => desk.list()).toMatch(/Idriss.*\b2\b/);

  await phone.goOffline();
  await guidance.open('checkpoint');
  await expect(guidance.steps.first()).toHaveText(SECOND);
  await guidance.open('bleeding');
  await expect(guidance.steps.first(), 'what is built in stays').toBeVisible();
  await desk.remove();
});

test('nothing that is not signed, broken, or older is ever shown', async ({ join, server }) => {
  const desk = await PackDesk.open(server.data);
  await desk.key('other');
  const first = await desk.sign(1, FIRST);
  const second = await desk.sign(2, SECOND);
  const forged = await desk.sign(3, 'Drive through.', { key: 'other' });
  await desk.publish(first);
  const { guidance, page } = await join('traveller', 'Idriss');
  await later(page);
  await expect(page.locator('[data-part=pack]')).toHaveAttribute('data-version', '1');

  /** The server offers this text from now on, and these bytes of every file. */
  const offer = async (manifest: string, file?: string) => {
    await page.unrouteAll({ behavior: 'wait' });
    await page.route('**/api/v1/pack?*', (route) => route.fulfill({ contentType: 'application/json', body: manifest }));
    if (file !== undefined) {
      await page.route('**/api/v1/pack/files/*', (route) => route.fulfill({ contentType: 'application/json', body: file }));
    }
    const asked = page.waitForResponse(file === undefined ? /\/api\/v1\/pack\?/ : /\/api\/v1\/pack\/files\//);
    await later(page);
    await asked;
  };
  const refused = page.locator('.banner[data-tone=danger]');
  const stays = async () => {
    await expect(page.locator('[data-part=pack]')).toHaveAttribute('data-version', '1');
    await guidance.open('checkpoint');
    await expect(guidance.steps.first()).toHaveText(FIRST);
  };

  await offer(await desk.manifest(forged));
  await expect(refused).toContainText('another key');
  await stays();
  await offer((await desk.manifest(second)).replace('\\"version\\":2', '\\"version\\":9'));
  await expect(refused).toContainText('signature');
  await stays();
  await offer('<html>Please sign in to the hotel</html>');
  await expect(page.locator('[data-part=pack]')).toHaveAttribute('data-version', '1');
  await expect(refused).toHaveCount(0);
  // Every file cut off or changed: it is asked for again, and the old pack stays whole.
  await offer(await desk.manifest(second), '{"id":"checkpoint"');
  await expect(page.locator('.banner').filter({ hasText: 'still to come' })).toBeVisible();
  await stays();

  await page.unrouteAll({ behavior: 'wait' });
  await desk.publish(second);
  await later(page);
  await expect(page.locator('[data-part=pack]')).toHaveAttribute('data-version', '2');
  // A restored server offers what came before.
  await offer(await desk.manifest(first));
  await expect(refused).toContainText('older');
  await expect(page.locator('[data-part=pack]')).toHaveAttribute('data-version', '2');
  await desk.remove();
});

test('an expired pack stays usable and says that it is old; a clock that is wrong takes nothing away', async ({ join, server }) => {
  const desk = await PackDesk.open(server.data);
  await desk.publish(await desk.sign(1, FIRST, { expires: '2024-02-01' }));
  const { guidance, page } = await join('traveller', 'Idriss');
  await later(page);
  await expect(page.locator('.banner[data-tone=warn]')).toContainText('past its date');
  await guidance.open('checkpoint');
  await expect(guidance.steps.first()).toHaveText(FIRST);
  await page.clock.setFixedTime(new Date('2060-01-01T00:00:00Z'));
  await later(page);
  await guidance.open('checkpoint');
  await expect(guidance.steps.first()).toHaveText(FIRST);
  await desk.remove();
});
