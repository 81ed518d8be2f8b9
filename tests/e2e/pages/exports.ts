import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';

/** The folds that make files, and the report on paper. */
export class ExportsPage {
  readonly menu: Locator;
  readonly counts: Locator;
  readonly said: Locator;
  readonly report: Locator;
  readonly paper: Locator;

  constructor(private readonly page: Page) {
    this.menu = page.locator('[data-part=export]').first();
    this.counts = this.menu.locator('[data-part=counts]');
    this.said = this.menu.locator('[data-part=exported]');
    this.report = page.locator('[data-part=situation]');
    this.paper = page.locator('article.situation');
  }

  /** Opens a screen once all that the phone has got is read. */
  async open(path: string, menu = this.menu): Promise<void> {
    await this.page.goto(path);
    await menu.locator('summary').click();
  }

  /** By the codes of the choices, which no language changes. */
  choose(code: string): Promise<void> {
    const value = `input[type=radio][value="${code}"]`;
    return this.page.locator(`[data-part] .choice:has(${value})`).click();
  }

  /** Names and texts of the files that come of it. */
  async save(count = 1): Promise<{ name: string; text: string }[]> {
    const files: { name: string; text: string }[] = [];
    const reading: Promise<void>[] = [];
    this.page.on('download', (download) => {
      const read = async () =>
        void files.push({ name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') });
      reading.push(read());
    });
    await this.menu.locator('.btn').click();
    await expect.poll(() => reading.length).toBe(count);
    await Promise.all(reading);
    this.page.removeAllListeners('download');
    return files;
  }
}
