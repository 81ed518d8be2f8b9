import { expect, type Locator, type Page } from '@playwright/test';

export class MapPage {
  /** What has a page of its own. */
  readonly marks: Locator;

  constructor(private readonly page: Page) {
    this.marks = page.locator('.sketch a.mark');
  }

  async open(): Promise<void> {
    await this.page.goto('/map');
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
  }

  mark(id: string): Locator {
    return this.page.locator(`.sketch a.mark[href="/records/${id}"]`);
  }
}
