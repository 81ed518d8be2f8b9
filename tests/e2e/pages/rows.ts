import { expect, type Locator, type Page } from '@playwright/test';

export type State = 'queued' | 'sending' | 'stored' | 'seen' | 'confirmed' | 'refused';

/** Records in a list, by the contract: `data-record` and `data-state`. */
export class Rows {
  readonly all: Locator;

  /** Those of the whole page, or of a part of it. */
  constructor(
    readonly page: Page,
    private readonly part: Page | Locator = page,
  ) {
    this.all = part.locator('li[data-record]');
  }

  row(id: string): Locator {
    return this.part.locator(`li[data-record="${id}"]`);
  }

  in(state: State): Locator {
    return this.part.locator(`li[data-state="${state}"]`);
  }

  /** In the order shown. */
  ids(): Promise<string[]> {
    return this.all.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-record') ?? ''));
  }

  states(): Promise<string[]> {
    return this.all.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-state') ?? ''));
  }

  /** The id of the first row, once there are `count` of them. */
  async newest(count: number): Promise<string> {
    await expect(this.all).toHaveCount(count);
    return (await this.ids())[0] ?? '';
  }
}
