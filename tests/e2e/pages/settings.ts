import { expect, type Locator, type Page } from '@playwright/test';

export class SettingsPage {
  readonly sendNow: Locator;
  readonly testConnection: Locator;

  constructor(private readonly page: Page) {
    this.sendNow = page.getByRole('button', { name: 'Send now' });
    this.testConnection = page.getByRole('button', { name: 'Test connection' });
  }

  async open(): Promise<void> {
    await this.page.goto('/settings');
    await expect(this.testConnection).toBeVisible();
  }

  /** Chooses a language, by its own name. */
  async speak(language: string): Promise<void> {
    await this.open();
    await this.page.getByRole('radio', { name: language }).check({ force: true });
  }
}
