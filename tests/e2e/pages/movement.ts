import { expect, type Locator, type Page } from '@playwright/test';

/** One movement in full, on a page of its own or beside the board. */
export class MovementPage {
  readonly root: Locator;
  /** The places on the way, in order. */
  readonly stops: Locator;
  /** Where they were last known, in a sentence. */
  readonly known: Locator;
  /** What happened when a check-in did not come. */
  readonly log: Locator;
  readonly onIt: Locator;
  readonly recordTry: Locator;
  readonly settle: Locator;
  readonly close: Locator;
  /** What is known of the way, and what was decided. */
  readonly go: Locator;

  constructor(private readonly page: Page) {
    this.root = page.locator('article[data-movement]');
    this.stops = this.root.getByRole('list', { name: 'Places on the way' }).getByRole('listitem');
    this.known = this.root.locator('.strip-said');
    this.log = this.root.locator('.log > li');
    this.onIt = this.root.locator('.ladder-work').getByRole('button', { name: "I'm on it", exact: true });
    this.recordTry = this.root.getByRole('button', { name: 'Record a try', exact: true });
    this.settle = this.root.getByRole('button', { name: 'End the search: say why', exact: true });
    this.close = this.root.getByRole('button', { name: 'Close', exact: true });
    this.go = this.root.locator('[data-part="go"]');
  }

  async open(id: string): Promise<void> {
    await this.page.goto(`/movements/${id}`);
    await expect(this.root).toBeVisible();
  }

  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }

  choose(name: string): Promise<void> {
    return this.root.getByRole('radio', { name, exact: true }).check({ force: true });
  }
}
