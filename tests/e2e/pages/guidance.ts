import { expect, type Locator, type Page } from '@playwright/test';

/** Protection guidance: the search, a card, and what is offered beside other work. */
export class GuidancePage {
  readonly find: Locator;
  readonly found: Locator;
  /** A card, or one to read out, that is open. */
  readonly card: Locator;
  readonly steps: Locator;
  /** What is offered where somebody is. */
  readonly offers: Locator;
  readonly offer: Locator;

  constructor(private readonly page: Page) {
    this.find = page.locator('#f-guidance');
    this.found = page.locator('[data-part=found] li');
    this.card = page.locator('article.guide');
    this.steps = this.card.locator('.card-steps > li');
    this.offers = page.locator('.offer-line [data-card]');
    this.offer = page.locator('[data-part=offer]');
  }

  async open(id?: string): Promise<void> {
    await this.page.goto(id ? `/guidance/${id}` : '/guidance');
    await expect(id ? this.card : this.page.locator('[data-part=fields]')).toBeVisible();
  }

  /** Ids of what is offered, in order. */
  offered(): Promise<string[]> {
    return this.offers.evaluateAll((all) => all.map((one) => one.getAttribute('data-card') ?? ''));
  }

  /** Every id there is, as the fields list them. */
  async ids(): Promise<string[]> {
    const folds = this.page.locator('[data-field] > details:not([open]) > summary');
    while ((await folds.count()) > 0) await folds.first().click();
    return this.page.locator('[data-field] li[data-card]').evaluateAll((all) => all.map((one) => one.getAttribute('data-card') ?? ''));
  }

  async speak(language: string): Promise<void> {
    await this.card.locator(`[name=language][value=${language}]`).check({ force: true });
  }
}

/** A checklist while it is gone through. */
export class ChecklistPage {
  readonly rows: Locator;
  readonly save: Locator;
  readonly left: Locator;
  readonly receipt: Locator;
  readonly name: Locator;

  constructor(private readonly page: Page) {
    this.rows = page.locator('.check-row');
    this.save = page.locator('.save-bar').getByRole('button');
    this.left = page.locator('.save-bar').getByRole('alert');
    this.receipt = page.locator('section[data-record]');
    this.name = page.locator('#f-name');
  }

  async open(id: string, query = ''): Promise<void> {
    await this.page.goto(`/checklists/${id}${query}`);
    await expect(this.rows.first()).toBeVisible();
  }

  answer(row: number, code: 'met' | 'gaps' | 'skipped'): Promise<void> {
    return this.rows.nth(row).locator(`input[value=${code}]`).check({ force: true });
  }
}
