import { expect, type Locator, type Page } from '@playwright/test';
import { Form } from './form';

/** What can be reported, and one form of it on a page of its own. */
export class ReportPage extends Form {
  readonly save: Locator;
  /** Why nothing was saved. */
  readonly fault: Locator;
  /** What stands in place of the form once it is saved. */
  readonly receipt: Locator;
  /** Photos in the form that is open, or of the record that is. */
  readonly photos: Locator;
  /** A photo shown large. */
  readonly large: Locator;

  constructor(private readonly page: Page) {
    super(page.locator('main'));
    this.save = page.locator('.save-bar').getByRole('button');
    this.fault = page.locator('.save-bar').getByRole('alert');
    this.receipt = page.locator('section[data-record]');
    this.photos = page.locator('[data-photo]');
    this.large = page.locator('dialog[open] img');
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

  /** As with the camera. */
  take(file: Chosen): Promise<void> {
    return this.page.locator('input[name=take_photo]').setInputFiles(file);
  }

  pick(...files: Chosen[]): Promise<void> {
    return this.page.locator('input[name=pick_photos]').setInputFiles(files);
  }

  /** Saves, and gives the id of what was saved. */
  async saved(): Promise<string> {
    await this.save.click();
    await expect(this.receipt).toBeVisible();
    return (await this.receipt.getAttribute('data-record')) ?? '';
  }

  in(state: string): Locator {
    return this.page.locator(`[data-photo][data-state=${state}]`);
  }

  /** The picture itself is on the screen, and not the sign of a broken one. */
  async showsPicture(image: Locator): Promise<void> {
    await expect(image).toBeVisible();
    await expect.poll(() => image.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  }
}

export interface Chosen {
  name: string;
  mimeType: string;
  buffer: Buffer;
}
