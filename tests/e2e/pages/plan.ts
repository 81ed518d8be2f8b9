import { expect, type Locator, type Page } from '@playwright/test';

/** The form of a plan, new or changed. */
export class PlanPage {
  readonly name: Locator;
  readonly from: Locator;
  readonly depart: Locator;
  readonly headcount: Locator;
  readonly leader: Locator;
  readonly save: Locator;
  readonly addPlace: Locator;
  readonly addVehicle: Locator;
  readonly exercise: Locator;
  /** What has to be corrected, above the form. */
  readonly faults: Locator;
  readonly stops: Locator;
  readonly vehicles: Locator;

  constructor(readonly page: Page) {
    this.name = page.locator('#f-name');
    this.from = page.locator('#f-from');
    this.depart = page.locator('#f-depart');
    this.headcount = page.locator('#f-headcount');
    this.leader = page.locator('#f-leader');
    this.save = page.locator('.save-bar').getByRole('button');
    this.addPlace = page.getByRole('button', { name: 'Add a place' });
    this.addVehicle = page.getByRole('button', { name: 'Add a vehicle' });
    this.exercise = page.getByRole('checkbox', { name: 'This is an exercise' });
    this.faults = page.locator('#faults');
    this.stops = page.locator('.stop');
    this.vehicles = page.locator('.vehicle');
  }

  async open(): Promise<void> {
    await this.page.goto('/movements/new');
    await expect(this.save).toBeVisible();
  }

  async revise(movement: string): Promise<void> {
    await this.page.goto(`/movements/${movement}/revise`);
    await expect(this.save).toBeVisible();
  }

  /** A field of the stop or vehicle in this place, counted from 0, by the field's name in the draft. */
  stop = (at: number, field: string) => this.stops.nth(at).locator(`[name^="${field}-"]`);
  vehicle = (at: number, field: string) => this.vehicles.nth(at).locator(`[name^="${field}-"]`);

  /** Everything a plan cannot do without. */
  async essentials(name: string): Promise<void> {
    await this.name.fill(name);
    await this.from.fill('Abéché');
    await this.depart.fill('2030-05-04T06:30');
    await this.stop(0, 'to').fill('Farchana');
    await this.stop(0, 'km').fill('90');
    await this.stop(0, 'time').fill('2:30');
    await this.addPlace.click();
    await this.stop(1, 'to').fill('Adré');
    await this.vehicle(0, 'call_sign').fill('Mike 1');
    await this.vehicle(0, 'people').fill('Idriss, Hawa');
  }

  /** Saves and gives the id of the movement, whose page then is open. */
  async saved(): Promise<string> {
    await this.save.click();
    await this.page.waitForURL(/\/movements\/[0-9a-f-]{36}$/);
    return this.page.url().slice(-36);
  }

  /** What is folded away under this heading. */
  async unfold(heading: string): Promise<Locator> {
    const fold = this.page.locator('details').filter({ has: this.page.getByText(heading, { exact: true }) });
    await fold.locator('summary').click();
    return fold;
  }

  /** The earlier movement that the form can be filled from. */
  earlier(name: string): Locator {
    return this.page.locator('.earlier > li').filter({ hasText: name });
  }
}
