import { expect, type Locator, type Page } from '@playwright/test';
import { Rows } from './rows';

export class WatchPage {
  readonly rows: Rows;
  readonly live: Locator;
  /** Movements, in the order in which they need a human. */
  readonly out: Locator;

  constructor(private readonly page: Page) {
    // What is open beside the list has rows of its own.
    this.rows = new Rows(page, page.locator('.split-list'));
    this.out = page.locator('li[data-movement]');
    this.live = page.getByText('Live', { exact: true });
  }

  async open(): Promise<void> {
    await this.page.goto('/watch');
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
  }

  movement(id: string): Locator {
    return this.page.locator(`li[data-movement="${id}"]`);
  }

  /** The ids of the movements, in the order shown. */
  outIds(): Promise<string[]> {
    return this.out.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-movement') ?? ''));
  }

  /** What waits for an answer. */
  get waiting(): Locator {
    return this.rows.all.filter({ has: this.page.getByRole('button') });
  }

  confirm(row: Locator): Promise<void> {
    return row.getByRole('button', { name: 'Confirm', exact: true }).click();
  }

  takeOn(row: Locator): Promise<void> {
    return row.getByRole('button', { name: "I'm on it", exact: true }).click();
  }
}
