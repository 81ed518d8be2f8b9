import { expect, type Locator, type Page } from '@playwright/test';

export class CheckInPage {
  readonly headcount: Locator;
  readonly note: Locator;
  readonly km: Locator;
  readonly save: Locator;
  /** What stands in place of the form once it is saved. */
  readonly receipt: Locator;

  constructor(private readonly page: Page) {
    this.headcount = page.getByLabel('How many people?');
    this.note = page.getByLabel('Note');
    this.km = page.getByLabel('Kilometres from departure');
    this.save = page.getByRole('button', { name: 'Save check-in' });
    this.receipt = page.locator('section[data-record]');
  }

  async open(): Promise<void> {
    await this.page.goto('/check-in');
    await expect(this.save).toBeVisible();
  }

  option(name: string): Locator {
    return this.page.getByRole('radio', { name, exact: true });
  }

  /** The radio button itself is under its face; at the edge of the screen it may be under the bar with the save button. */
  async choose(name: string): Promise<void> {
    await this.option(name).evaluate((radio) => radio.scrollIntoView({ block: 'center' }));
    await this.option(name).check({ force: true });
  }

  /** The words that are tied to a field as its error. */
  async errorOf(field: Locator): Promise<string> {
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    const ids = ((await field.getAttribute('aria-describedby')) ?? '').split(' ');
    const words = await Promise.all(ids.map((id) => this.page.locator(`[id="${id}"]`).innerText()));
    return words[0] ?? '';
  }
}
