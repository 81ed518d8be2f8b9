import { expect, type Locator, type Page } from '@playwright/test';
import { Form } from './form';

/** What can be reported, and one form of it on a page of its own. */
export class ReportPage extends Form {
  readonly save: Locator;
  /** Why nothing was saved. */
  readonly fault: Locator;
  /** What stands in place of the form once it is saved. */
  readonly receipt: Locator;

  constructor(private readonly page: Page) {
    super(page.locator('main'));
    this.save = page.locator('.save-bar').getByRole('button');
    this.fault = page.locator('.save-bar').getByRole('alert');
    this.receipt = page.locator('section[data-record]');
  }

  /** The choice of forms, or the form of this name. */
  async open(form?: string): Promise<void> {
    await this.page.goto(form ? `/report/${form}` : '/report');
    await expect(form ? this.save : this.page.locator('.tiles')).toBeVisible();
  }

  /** A form, or a choice of several, by its last word in the address. */
  tile(name: string): Locator {
    return this.page.locator(`a.tile[href$="/${name}"]`);
  }

  /** Saves, and gives the id of what was saved. */
  async saved(): Promise<string> {
    await this.save.click();
    await expect(this.receipt).toBeVisible();
    return (await this.receipt.getAttribute('data-record')) ?? '';
  }
}
