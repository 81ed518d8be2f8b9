import { expect, type Locator } from '@playwright/test';

/** A form that core describes. Fields and answers go by their names in the record, which are the same in every language. */
export class Form {
  constructor(readonly root: Locator) {}

  field(name: string): Locator {
    return this.root.locator(`#f-${name}`);
  }

  answer(name: string, code: string): Locator {
    return this.root.locator(`[name="${name}"][value="${code}"], #f-${name} [value="${code}"]`);
  }

  /** The button itself is under its face. */
  choose(name: string, code: string): Promise<void> {
    return this.answer(name, code).check({ force: true });
  }

  async fill(values: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      const clock = this.field(`${name}-time`);
      // A day with a time of its own has two fields.
      if ((await clock.count()) > 0) {
        const [day = '', time = ''] = value.split('T');
        await this.field(name).fill(day);
        await clock.fill(time);
      } else {
        await this.field(name).fill(value);
      }
    }
  }

  /** A day and, where one was said, its time: as `2026-07-13T18:00`. */
  async due(name: string): Promise<string> {
    const [day, time] = [await this.field(name).inputValue(), await this.field(`${name}-time`).inputValue()];
    return time ? `${day}T${time}` : day;
  }

  /** Marked before anything is typed. */
  sensitive(): Promise<void> {
    return this.root.locator('[name="sensitive"]').check();
  }

  /** Opens everything that is folded away. */
  async unfold(): Promise<void> {
    const folds = this.root.locator('details:not([open]) > summary');
    while ((await folds.count()) > 0) await folds.first().click();
  }

  /** The words that are tied to a field as its error. */
  async errorOf(name: string): Promise<string> {
    const words = this.root.locator(`#f-${name}-error`);
    await expect(words).not.toBeEmpty();
    return words.innerText();
  }
}
