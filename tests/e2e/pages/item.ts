import { expect, type Locator, type Page } from '@playwright/test';
import { Form } from './form';

/** One item of the chain on the page of its record, among the records or beside the threats. */
export class ItemPage {
  readonly root: Locator;
  readonly chips: Locator;
  /** The exact words, and their translation. */
  readonly sayings: Locator;
  /** The form that is open within the page. */
  readonly work: Form;
  readonly save: Locator;
  readonly evaluations: Locator;
  readonly suggested: Locator;
  readonly joined: Locator;
  /** The items of the drawing. */
  readonly nodes: Locator;
  readonly story: Locator;

  constructor(private readonly page: Page) {
    this.root = page.locator('article.panel');
    this.chips = this.root.locator('.chips');
    this.sayings = this.root.locator('.saying blockquote');
    this.work = new Form(this.root.locator('.work'));
    this.save = this.work.root.locator('.btn-row .btn[data-tone=accent]');
    this.evaluations = this.root.locator('.cards > article');
    this.suggested = this.root.locator('li[data-suggested]');
    this.joined = this.root.locator('.joined > li:not([data-suggested])');
    this.nodes = this.root.locator('.graph a.node');
    this.story = this.root.locator('.story > li');
  }

  async open(id: string, under = '/records'): Promise<void> {
    await this.page.goto(`${under}/${id}`);
    await expect(this.root.locator('.acts')).toBeVisible();
  }

  /** What opens the form of this name within the page. */
  act(form: string): Locator {
    return this.root.locator(`#act-${form}`);
  }

  /** Opens such a form. */
  async begin(form: string): Promise<Form> {
    await this.act(form).click();
    await expect(this.work.root).toBeVisible();
    return this.work;
  }

  /** Saves the form that is open, which closes it. */
  async saved(): Promise<void> {
    await this.save.click();
    await expect(this.work.root).toHaveCount(0);
  }

  /** The way to a form of what comes out of this item. */
  out(form: string): Locator {
    return this.root.locator(`.acts > .btn-row a[href^="/report/${form}?"]`);
  }
}
