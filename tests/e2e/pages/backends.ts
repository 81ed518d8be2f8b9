import { expect, type Locator, type Page } from '@playwright/test';

export interface Place {
  kind: string;
  name: string;
  address: string;
  user?: string;
  secret?: string;
  /** Of S3; with it, the bucket is part of the path. */
  bucket?: string;
  must?: boolean;
}

/** Where records go; and the form of one place, wherever it stands. */
export class BackendsPage {
  readonly home: Locator;
  readonly found: Locator;
  readonly setup: Locator;

  constructor(private readonly page: Page) {
    this.home = this.place(0);
    this.found = page.locator('[data-found]');
    this.setup = page.locator('#f-setup');
  }

  async open(): Promise<void> {
    await this.page.goto('/backends');
    await expect(this.home).toBeVisible();
  }

  place(to: number): Locator {
    return this.page.locator(`[data-part=backend][data-to="${to}"]`);
  }

  async fill({ kind, name, address, user, secret, bucket, must }: Place): Promise<void> {
    const form = this.page.locator('[data-part=backend-form]');
    await form.locator(`[name=backend-kind][value=${kind}]`).check({ force: true });
    await form.locator('#f-backend-name').fill(name);
    await form.locator('#f-backend-address').fill(address);
    if (user !== undefined) await form.locator('#f-backend-user').fill(user);
    if (secret !== undefined) await form.locator('#f-backend-secret').fill(secret);
    if (bucket !== undefined) {
      await form.locator('#f-backend-bucket').fill(bucket);
      await form.locator('[name=backend-path-style]').check({ force: true });
    }
    if (must) await form.locator('[name=must]').check({ force: true });
  }

  async add(place: Place): Promise<void> {
    await this.page.getByRole('button', { name: 'Add a place' }).click();
    await this.fill(place);
    await this.page.getByRole('button', { name: 'Add this place' }).click();
  }

  /** The first phone of an organisation without a server of ours. */
  async begin(org: string, name: string, role: string, place: Place): Promise<void> {
    await this.page.goto('/enrol/own');
    await this.page.locator('#f-org').fill(org);
    await this.page.locator('#f-name').fill(name);
    await this.page.locator(`[name=role][value=${role}]`).check({ force: true });
    await this.fill(place);
    await this.page.getByRole('button', { name: 'Begin', exact: true }).click();
  }

  /** The code for a colleague with this role. */
  async codeFor(role: string): Promise<string> {
    await this.open();
    await this.page.locator(`[name=their-role][value=${role}]`).check({ force: true });
    await expect.poll(async () => said(await this.setup.inputValue())?.role).toBe(role);
    return this.setup.inputValue();
  }

  /** The same where our server is the home: `code` is one of its own. */
  async codeWith(code: string): Promise<string> {
    await this.open();
    await this.page.locator('#f-their-code').fill(code);
    await expect.poll(async () => said(await this.setup.inputValue())?.code).toBe(code);
    return this.setup.inputValue();
  }

  async test(to: number): Promise<void> {
    await this.place(to).getByRole('button', { name: 'Test connection' }).click();
  }
}

/** What a set-up text says. */
function said(text: string): { role?: string; code?: string } | undefined {
  const body = /^waymark1\.([^.]+)\./.exec(text)?.[1];
  return body === undefined ? undefined : JSON.parse(Buffer.from(body, 'base64url').toString());
}
