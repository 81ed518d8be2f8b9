// A person with the app open: one page and all its screens.

import { type BrowserContext, type BrowserContextOptions, expect, type Page } from '@playwright/test';
import { BackendsPage } from '../pages/backends';
import { CarryPage } from '../pages/carry';
import { CheckInPage } from '../pages/check-in';
import { EnrolPage } from '../pages/enrol';
import { ChecklistPage, GuidancePage } from '../pages/guidance';
import { HomePage } from '../pages/home';
import { ItemPage } from '../pages/item';
import { MapPage } from '../pages/map';
import { MovementPage } from '../pages/movement';
import { MovementsPage } from '../pages/movements';
import { PlanPage } from '../pages/plan';
import { RecordsPage } from '../pages/records';
import { ReportPage } from '../pages/report';
import { SectorsPage } from '../pages/sectors';
import { SettingsPage } from '../pages/settings';
import { Shell } from '../pages/shell';
import { ThreatsPage } from '../pages/threats';
import { WatchPage } from '../pages/watch';

export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};
export const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };

export class Phone {
  readonly shell: Shell;
  readonly home: HomePage;
  readonly carry: CarryPage;
  readonly checkIn: CheckInPage;
  readonly movements: MovementsPage;
  readonly plan: PlanPage;
  readonly records: RecordsPage;
  readonly watch: WatchPage;
  readonly movement: MovementPage;
  readonly enrol: EnrolPage;
  readonly settings: SettingsPage;
  readonly report: ReportPage;
  readonly threats: ThreatsPage;
  readonly item: ItemPage;
  readonly sectors: SectorsPage;
  readonly map: MapPage;
  readonly guidance: GuidancePage;
  readonly checklist: ChecklistPage;
  readonly backends: BackendsPage;

  constructor(readonly page: Page) {
    this.shell = new Shell(page);
    this.home = new HomePage(page);
    this.carry = new CarryPage(page);
    this.checkIn = new CheckInPage(page);
    this.movements = new MovementsPage(page);
    this.plan = new PlanPage(page);
    this.records = new RecordsPage(page);
    this.watch = new WatchPage(page);
    this.movement = new MovementPage(page);
    this.enrol = new EnrolPage(page);
    this.settings = new SettingsPage(page);
    this.report = new ReportPage(page);
    this.threats = new ThreatsPage(page);
    this.item = new ItemPage(page);
    this.sectors = new SectorsPage(page);
    this.map = new MapPage(page);
    this.guidance = new GuidancePage(page);
    this.checklist = new ChecklistPage(page);
    this.backends = new BackendsPage(page);
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  /** Joins by link, as from a QR code. */
  async join(code: string, name: string): Promise<void> {
    await this.enrol.open(code);
    await this.enrol.name.fill(name);
    await this.enrol.join.click();
    await expect(this.home.safe).toBeVisible();
  }

  /** All files of the release are on the phone: from now on it starts without a network. */
  async installed(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      // The first worker takes the page over once it is active.
      if (navigator.serviceWorker.controller) return;
      await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
    });
  }

  /** What was typed is on the disk. Nothing on the screen says so, hence the look into the database. */
  async draftWritten(text: string): Promise<void> {
    await expect.poll(() => this.page.evaluate(readDrafts)).toContain(text);
  }

  /** Out of reach, with the whole app on the phone: a network that goes while it is installed leaves nothing to start from. */
  async goOffline(): Promise<void> {
    await this.installed();
    await this.context.setOffline(true);
  }

  goOnline = () => this.context.setOffline(false);

  /** The phone's network changes, which is a reason to try again at once. */
  newNetwork(): Promise<void> {
    return this.page.evaluate(() => void window.dispatchEvent(new Event('online')));
  }
}

/** A phone with the app on it, and nobody signed in: from here on it needs no server of ours. */
export async function installed(newPhone: (options: object) => Promise<Phone>, options: object): Promise<Phone> {
  const phone = await newPhone(options);
  await phone.enrol.open();
  await phone.installed();
  return phone;
}

/** From before the app starts, this phone's clock is wrong by so much; whoever sets `clockOff` on the page sets it. */
export function setClockWrongBy(context: BrowserContext, ms: number): Promise<unknown> {
  return context.addInitScript((off) => {
    const Right = Date;
    const page = globalThis as unknown as { clockOff: number };
    page.clockOff = off;
    class Wrong extends Right {
      constructor(...args: [] | ConstructorParameters<typeof Right>) {
        if (args.length === 0) super(Right.now() + page.clockOff);
        else super(...(args as ConstructorParameters<typeof Right>));
      }
      static override now = () => Right.now() + page.clockOff;
    }
    globalThis.Date = Wrong as DateConstructor;
  }, ms);
}

/** The clock of a phone of `setClockWrongBy` is set while the app is open. */
export function setClock(phone: Phone, off: number): Promise<void> {
  return phone.page.evaluate((off) => void ((globalThis as unknown as { clockOff: number }).clockOff = off), off);
}

async function readDrafts(): Promise<string> {
  const found: string[] = [];
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    if (database.objectStoreNames.contains('drafts')) {
      const all = database.transaction('drafts').objectStore('drafts').getAll();
      await new Promise((done) => (all.onsuccess = done));
      // Bytes, so that they can be sealed one day.
      for (const draft of all.result) found.push(new TextDecoder().decode(draft as Uint8Array));
    }
    database.close();
  }
  return found.join('\n');
}
