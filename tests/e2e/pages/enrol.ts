import { expect, type Locator, type Page } from '@playwright/test';

export class EnrolPage {
  readonly code: Locator;
  readonly name: Locator;
  readonly join: Locator;
  readonly signIn: Locator;
  /** Of somebody who is signed in. */
  readonly useCode: Locator;
  readonly fault: Locator;

  constructor(private readonly page: Page) {
    this.code = page.getByLabel('Enrolment code');
    this.name = page.getByLabel('Your name');
    this.join = page.getByRole('button', { name: 'Join', exact: true });
    this.signIn = page.getByRole('button', { name: 'Sign in', exact: true });
    this.useCode = page.getByRole('button', { name: 'Use this code', exact: true });
    this.fault = page.getByRole('alert');
  }

  async open(code?: string): Promise<void> {
    await this.page.goto(code ? `/enrol#code=${code}` : '/enrol');
    await expect(this.code).toBeVisible();
  }

  async fill(code: string, name: string): Promise<void> {
    await this.code.fill(code);
    await this.name.fill(name);
  }
}
