import { expect, type Locator, type Page } from '@playwright/test';
import { Rows } from './rows';

export class HomePage {
  readonly safe: Locator;
  readonly assistance: Locator;
  readonly emergency: Locator;
  readonly rows: Rows;
  /** The movement they travel in. */
  readonly movement: Locator;

  constructor(private readonly page: Page) {
    this.safe = page.getByRole('button', { name: "I'm safe" });
    this.assistance = page.getByRole('button', { name: 'Need assistance' });
    this.emergency = page.getByRole('button', { name: 'Emergency', exact: true });
    this.rows = new Rows(page);
    this.movement = page.locator('section[aria-labelledby="my-movement"]');
  }

  async open(): Promise<void> {
    await this.page.goto('/');
    await expect(this.safe).toBeVisible();
  }

  /** Says "I'm safe" so many times, each saved before the next. Gives the ids, oldest first. */
  async sayIAmSafe(times: number): Promise<string[]> {
    const ids: string[] = [];
    // What this phone holds is drawn together with the button.
    await expect(this.safe).toBeVisible();
    for (let time = 0; time < times; time++) {
      const before = (await this.rows.ids())[0];
      await this.safe.click();
      await expect.poll(async () => (await this.rows.ids())[0]).not.toBe(before);
      ids.push((await this.rows.ids())[0] ?? '');
    }
    return ids;
  }

  /** The same for many, from within the page: as fast as they are saved. */
  async sayIAmSafeOften(times: number): Promise<string[]> {
    return this.safe.evaluate(async (button: HTMLElement, times) => {
      const newest = () => document.querySelector<HTMLElement>('li[data-record]')?.dataset['record'] ?? '';
      const ids: string[] = [];
      for (let before = newest(); ids.length < times; before = newest()) {
        button.click();
        while (newest() === before) await new Promise((then) => setTimeout(then, 10));
        ids.push(newest());
      }
      return ids;
    }, times);
  }

  /** Keeps the button down for so long. */
  async holdEmergency(ms: number): Promise<void> {
    await this.emergency.hover();
    await this.page.mouse.down();
    await this.page.waitForTimeout(ms);
    // The app's own two seconds may take longer.
    if (ms > 2_000) await expect(this.page.locator('[data-holding]')).toHaveCount(0, { timeout: 3_000 });
    await this.page.mouse.up();
  }
}
