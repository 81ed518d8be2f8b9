// Pictures of every screen for people to look at: WAYMARK_SHOTS=folder npx playwright test

import { join as path } from 'node:path';
import { test } from '../support/fixtures';
import { scene, show, SIZES, THEMES } from '../support/scene';

test('every screen in every look @shots', async ({ join, newPhone, server }) => {
  test.setTimeout(1_800_000);
  const folder = process.env['WAYMARK_SHOTS'] ?? 'shots';
  for (const screen of await scene({ join, newPhone, server })) {
    for (const language of ['en', 'fr', 'ar']) {
      for (const theme of THEMES) {
        await show(screen, language, theme);
        for (const size of SIZES) {
          await screen.phone.page.setViewportSize(size);
          const name = `${screen.name}-${language}-${theme}-${size.width}.png`;
          await screen.phone.page.screenshot({ path: path(folder, name) });
        }
      }
    }
  }
});
