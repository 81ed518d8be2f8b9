import { expect, type Locator, type Page } from '@playwright/test';
import { Rows } from './rows';

export class RecordsPage {
  readonly rows: Rows;
  readonly more: Locator;
  readonly retry: Locator;
  readonly export: Locator;
  /** The record that is open. */
  readonly detail: Locator;

  constructor(private readonly page: Page) {
    this.rows = new Rows(page);
    this.more = page.getByRole('button', { name: 'Show more' });
    this.retry = page.getByRole('button', { name: 'Try again' });
    this.export = page.getByRole('button', { name: 'Export' });
    this.detail = page.getByRole('article');
  }

  async open(id?: string): Promise<void> {
    await this.page.goto(id ? `/records/${id}` : '/records');
    await expect(id ? this.detail : this.page.getByRole('heading', { level: 1 })).toBeVisible();
  }

  /** The ids of all records, however long the list is. */
  async allIds(): Promise<string[]> {
    for (let shown = -1; await this.more.isVisible(); ) {
      shown = await this.rows.all.count();
      await this.more.click();
      await expect.poll(() => this.rows.all.count()).toBeGreaterThan(shown);
    }
    return this.rows.ids();
  }
}
