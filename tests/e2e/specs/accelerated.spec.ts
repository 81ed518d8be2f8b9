// The story of a late convoy with simulated phones, an hour in a minute: on the board, on a second manager's phone and on
// the phone of somebody who rides along.

import { expect, test } from '../support/fixtures';
import { DESK } from '../support/phone';

/** Simulated minutes to a real one: the fastest at which a plan can still say when somebody is late. */
const SPEED = '60';

test('a simulated convoy falls silent, climbs the ladder, is taken on, and is heard again', async ({ join, server }) => {
  test.setTimeout(12 * 60_000);
  const idriss = await join('traveller', 'Idriss');
  const amina = await join('manager', 'Amina', DESK);
  const boss = await join('security', 'Security');
  await Promise.all([amina.watch.open(), boss.watch.open(), idriss.home.open()]);
  const options = ['--speed', SPEED, '--convoys', '2', '--late', '1', '--hours', '1', '--loss', '0'];
  const drive = server.simulate(...options, '--passenger', 'Idriss');
  try {
    // Both are on the board; the first, which falls silent, is on the phone of its passenger as well.
    await expect(amina.watch.out).toHaveCount(2, { timeout: 60_000 });
    const late = amina.watch.out.filter({ hasText: 'Simulated convoy 1' });
    await expect(late).toContainText('Exercise');
    const id = (await late.getAttribute('data-movement')) ?? '';
    await expect(idriss.home.movement).toContainText('Simulated convoy 1');
    await expect(late).toContainText('Safe', { timeout: 60_000 });

    // A minute after the last check-in it is due, a minute later overdue: at the same time on every screen.
    const screens = [amina.watch.movement(id), boss.watch.movement(id), idriss.home.movement];
    const overdue = /^(2|3|4|5|exhausted)$/;
    for (const screen of screens) {
      await expect(screen).toHaveAttribute('data-overdue-stage', overdue, { timeout: 240_000 });
    }
    await expect(idriss.home.movement).toContainText('Overdue');
    await expect(boss.watch.movement(id)).toContainText('Overdue');
    await amina.watch.movement(id).getByRole('link').click();
    await expect(amina.movement.log.filter({ hasText: 'Raised by Waymark' })).toBeVisible();

    // Step by step, and then somebody is on it.
    await expect(amina.watch.movement(id)).toHaveAttribute('data-overdue-stage', /^(3|4|5|exhausted)$/, {
      timeout: 120_000,
    });
    await amina.movement.onIt.click();
    await expect(boss.watch.movement(id)).toContainText('Amina is on it');
    await expect(idriss.home.movement).toContainText('Amina is on it');

    // The convoy is heard again: late on no screen any more, and the log says when it had happened.
    for (const screen of screens) {
      await expect(screen).toHaveAttribute('data-overdue-stage', 'none', { timeout: 240_000 });
    }
    await expect(amina.movement.log.filter({ hasText: 'Settled' })).toBeVisible();

    // It arrives, is closed, and leaves the screens.
    const said = await drive.ended;
    expect(said).toMatch(/lost 0/);
    await expect(amina.watch.out).toHaveCount(0, { timeout: 30_000 });
    await expect(boss.watch.out).toHaveCount(0);
    await expect(idriss.home.movement).toHaveCount(0);
  } finally {
    drive.stop();
  }
});
