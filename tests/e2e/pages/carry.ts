import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import { readCode } from '../support/qr';

/** Records by hand. */
export class CarryPage {
  readonly give: Locator;
  readonly save: Locator;
  readonly outcome: Locator;
  readonly strangers: Locator;
  readonly carried: Locator;
  readonly answered: Locator;

  constructor(private readonly page: Page) {
    this.give = page.locator('[data-part=give]');
    this.save = page.getByRole('button', { name: 'Save a file' });
    this.outcome = page.locator('[data-part=outcome]');
    this.strangers = page.locator('[data-part=strangers]');
    this.carried = page.locator('[data-part=carried] .row');
    this.answered = page.locator('[data-part=answered] .row');
  }

  async open(): Promise<void> {
    await this.page.goto('/carry');
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
  }

  /** The server has said whose key this phone's is: from now on others know it without a network. */
  async certified(): Promise<void> {
    await this.open();
    await expect(this.page.locator('[data-certified]')).toBeAttached();
  }

  /** Waits for the figures over the ways to give: own records, those of others, answers. */
  async shows(own: number, others: number, answers: number): Promise<void> {
    await expect(this.give.locator('dd')).toHaveText([own, others, answers].map(String));
  }

  /** Saves a file; what is in it. */
  async file(): Promise<string> {
    const downloading = this.page.waitForEvent('download');
    await this.save.click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^waymark-.*\.waymark$/);
    return readFile(await download.path(), 'utf8');
  }

  async takeIn(text: string, name = 'bundle.waymark'): Promise<void> {
    const file = { name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) };
    await this.page.locator('input[name=bundle]').setInputFiles(file);
  }

  /** As from a file manager beside the window. */
  async drop(text: string): Promise<void> {
    const dropped = await this.page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'bundle.waymark'));
      return transfer;
    }, text);
    await this.page.locator('.drop-area').dispatchEvent('drop', { dataTransfer: dropped });
  }

  showCodes(): Promise<void> {
    return this.page.getByRole('button', { name: 'Show as QR codes' }).click();
  }

  /** What the code says that is on the screen. */
  async code(): Promise<string> {
    return readCode((await this.page.locator('.carry-code path').getAttribute('d')) ?? '');
  }

  /** Why the last one was not taken in, as a stable word. */
  trouble(): Promise<string | null> {
    return this.outcome.locator('[data-trouble]').getAttribute('data-trouble');
  }
}
