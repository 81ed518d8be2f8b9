import { expect, type Locator, type Page } from '@playwright/test';

export class MovementsPage {
  readonly title: Locator;
  readonly plan: Locator;
  readonly open: Locator;
  readonly closed: Locator;

  constructor(private readonly page: Page) {
    this.title = page.getByRole('heading', { level: 1, name: 'Movements' });
    this.plan = page.getByRole('link', { name: 'Plan a movement' });
    this.open = page.locator('li[data-movement="open"]');
    this.closed = page.locator('li[data-movement="closed"]');
  }

  async goto(): Promise<void> {
    await this.page.goto('/movements');
    await expect(this.title).toBeVisible();
  }

  /** The row of a movement, by its name. */
  row(name: string): Locator {
    return this.page.getByRole('listitem').filter({ has: this.page.getByRole('link', { name, exact: true }) });
  }

  async enter(name: string): Promise<void> {
    await this.row(name).getByRole('link').click();
    await this.page.waitForURL(/\/movements\/[0-9a-f-]{36}$/);
  }
}
