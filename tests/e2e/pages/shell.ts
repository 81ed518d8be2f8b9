import { expect, type Locator, type Page } from '@playwright/test';

export type Sync = 'offline' | 'idle' | 'sending' | 'paused';

/** What stands around every screen. */
export class Shell {
  readonly root: Locator;
  /** How the queue stands, in words. */
  readonly sync: Locator;
  readonly toast: Locator;

  constructor(private readonly page: Page) {
    this.root = page.locator('[data-sync]');
    this.sync = page.locator('header.top').getByRole('status');
    this.toast = page.locator('.toast');
  }

  /** A tab's name may go on with how much waits there. */
  tab(name: string): Locator {
    return this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: new RegExp(`^${name}`) });
  }

  async shows(sync: Sync): Promise<void> {
    await expect(this.root).toHaveAttribute('data-sync', sync);
  }

  /** Nothing is left to send. After failures a phone waits by itself: up to 2, 4, 8, 16 seconds, one after the other. */
  async drained(within = 20_000): Promise<void> {
    await expect(this.sync).toHaveText('All sent', { timeout: within });
    await this.shows('idle');
  }
}
