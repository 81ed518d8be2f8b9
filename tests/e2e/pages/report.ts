import { expect, type Locator, type Page } from '@playwright/test';

export class ReportPage {
  readonly save: Locator;
  /** Photos in the form that is open, or of the record that is. */
  readonly photos: Locator;
  /** What stands in place of the form once it is saved. */
  readonly receipt: Locator;
  /** A photo shown large. */
  readonly large: Locator;

  constructor(private readonly page: Page) {
    this.save = page.getByRole('button', { name: 'Save on this phone' });
    this.photos = page.locator('[data-photo]');
    this.receipt = page.locator('section[data-record]');
    this.large = page.locator('dialog[open] img');
  }

  /** A form by its name, such as `incident`. */
  async open(form: string): Promise<void> {
    await this.page.goto(`/report/${form}`);
    await expect(this.save).toBeVisible();
  }

  field(name: string): Locator {
    return this.page.locator(`#f-${name}`);
  }

  /** As with the camera. */
  take(file: Chosen): Promise<void> {
    return this.page.locator('input[name=take_photo]').setInputFiles(file);
  }

  pick(...files: Chosen[]): Promise<void> {
    return this.page.locator('input[name=pick_photos]').setInputFiles(files);
  }

  /** Saves the form; the id of the record. */
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
