// For everybody: whoever sees little, uses a keyboard, reads from right to left or has a small phone.

import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { DESK } from '../support/phone';
import { scene, show, SIZES, THEMES } from '../support/scene';
import { overflowing, scrollsOutside, smallTargets } from '../support/layout';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Where marks lie is the map's matter, and all of them stand in the list below it (WCAG 2.5.8: equivalent, essential). */
const isOnMap = (rule: string, html: string) => rule === 'target-size' && html.includes('class="mark ');

for (const theme of THEMES) {
  test(`axe finds nothing on any screen: ${theme}`, async ({ join, newPhone, server }) => {
    test.setTimeout(1_800_000);
    for (const screen of await scene({ join, newPhone, server })) {
      const { page } = screen.phone;
      // Colours on their way from one to another are nobody's colours.
      await page.emulateMedia({ reducedMotion: 'reduce' });
      for (const language of ['en', 'ar']) {
        await show(screen, language, theme);
        for (const size of SIZES) {
          await page.setViewportSize(size);
          const { violations } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode().analyze();
          const found = violations
            .map((one) => ({ id: one.id, nodes: one.nodes.filter((node) => !isOnMap(one.id, node.html)) }))
            .filter((one) => one.nodes.length > 0)
            .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
          expect.soft(found, `${screen.name}, ${language}, ${size.width} px`).toEqual([]);
        }
      }
    }
  });
}

test('nothing is wider than a narrow screen, nor too small for a thumb', async ({ join, newPhone, server }) => {
  test.setTimeout(1_800_000);
  for (const screen of await scene({ join, newPhone, server })) {
    const { page } = screen.phone;
    for (const language of ['en', 'fr', 'es', 'ar']) {
      const where = `${screen.name}, ${language}`;
      await page.setViewportSize({ width: 320, height: 640 });
      await show(screen, language, 'light');
      expect.soft(await page.evaluate(overflowing), `${where}, 320 px`).toEqual([]);
      expect.soft(await page.evaluate(smallTargets), `${where}, targets`).toEqual([]);
      expect.soft(await page.evaluate(scrollsOutside), `${where}, scrolls outside of its own area`).toBe(0);
      // Text at 200 %.
      await page.setViewportSize({ width: 390, height: 844 });
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      expect.soft(await page.evaluate(overflowing), `${where}, text at 200 %`).toEqual([]);
    }
  }
});

test('everything by keyboard: join, check in, confirm', async ({ newPhone, join, server }) => {
  const driver = await newPhone(DESK);
  const { page, enrol, checkIn, shell } = driver;
  await enrol.open();
  await tabTo(page, enrol.code);
  await page.keyboard.type(await server.code('traveller'));
  await tabTo(page, enrol.name);
  await page.keyboard.type('Idriss');
  await tabTo(page, enrol.join);
  await page.keyboard.press('Enter');
  await expect(driver.home.safe).toBeVisible();

  await tabTo(page, shell.tab('Check in'));
  await page.keyboard.press('Enter');
  await tabTo(page, checkIn.option('Routine'));
  await page.keyboard.press('ArrowRight');
  await expect(checkIn.option('Departed')).toBeChecked();
  await tabTo(page, checkIn.note);
  await page.keyboard.type('Four cars');
  await tabTo(page, checkIn.save);
  await page.keyboard.press('Enter');
  await expect(checkIn.receipt).toContainText('Four cars');

  const amina = await join('manager', 'Amina', DESK);
  await tabTo(amina.page, amina.shell.tab('Watch'));
  await amina.page.keyboard.press('Enter');
  const row = amina.watch.waiting.first();
  await tabTo(amina.page, row.getByRole('button', { name: 'Confirm', exact: true }));
  await expect(row, 'that it was seen is noted, and takes the focus from nobody').toHaveAttribute('data-state', 'seen');
  await amina.page.keyboard.press('Space');
  await expect(amina.watch.rows.in('confirmed')).toHaveCount(1);
  await expect(checkIn.receipt).toHaveAttribute('data-state', 'confirmed');
});

/** Presses Tab until it is there; where the focus is must show at every stop. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stop = 0; stop < 60; stop++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) {
      expect(await page.evaluate(focusShows), 'the focus shows').toBe(true);
      return;
    }
  }
  throw new Error(`Tab does not lead to ${target.toString()}`);
}

function focusShows(): boolean {
  const focused = document.activeElement;
  if (!focused) return false;
  // A radio button's ring is drawn around its face.
  const drawn = [focused, ...(focused.closest('label')?.querySelectorAll('*') ?? [])];
  return drawn.some((element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  });
}
