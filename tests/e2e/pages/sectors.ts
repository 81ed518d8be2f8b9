import { expect, type Locator, type Page } from '@playwright/test';

/** The four sectors side by side, or the register of one. */
export class SectorsPage {
  constructor(private readonly page: Page) {}

  async open(sector?: string): Promise<void> {
    await this.page.goto(sector ? `/sectors/${sector}` : '/sectors');
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
  }

  card(sector: string): Locator {
    return this.page.locator(`[data-sector="${sector}"]`);
  }

  /** How many records of a sector there are in the period. */
  volume(sector: string): Locator {
    return this.card(sector).locator('.sector-volume strong');
  }

  item(id: string): Locator {
    return this.page.locator(`li[data-item="${id}"]`);
  }
}
