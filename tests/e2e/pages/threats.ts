import { expect, type Locator, type Page } from '@playwright/test';

/** Triage: what is open, how threats turned out, and what nobody has said. */
export class ThreatsPage {
  /** Open threats, in the order in which they press. */
  readonly open: Locator;

  constructor(private readonly page: Page) {
    this.open = page.locator('[data-part="open"] > li[data-item]');
  }

  async goto(): Promise<void> {
    await this.page.goto('/threats');
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
  }

  row(id: string): Locator {
    return this.page.locator(`li[data-item="${id}"]`);
  }

  /** In the order shown. */
  ids(): Promise<string[]> {
    return this.open.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-item') ?? ''));
  }

  /** A count of how threats turned out, by its words. */
  count(words: string): Locator {
    const figure = this.page.locator('.figure').filter({ has: this.page.getByText(words, { exact: true }) });
    return figure.locator('dd');
  }

  /** A kind of blind spot, by its code; there only if there is one. */
  gap(code: string): Locator {
    return this.page.locator(`[data-gap="${code}"]`);
  }
}
