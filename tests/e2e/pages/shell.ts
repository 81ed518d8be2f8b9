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

  /** Nothing is left to send. */
  async drained(): Promise<void> {
    await this.shows('idle');
    await expect(this.sync).toHaveText('All sent', { timeout: 20_000 });
  }
}
