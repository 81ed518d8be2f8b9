// A phone-sized Chromium with a profile on the disk, and the app in it.

import { chromium } from 'playwright-core';
import { needed } from './environment.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(profile) {
  return chromium.launchPersistentContext(profile, {
    executablePath: needed('CHROMIUM'),
    args: FLAGS,
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    locale: 'en-GB',
  });
}

/** Signs in by link and waits until the app starts without a network. */
export async function join(page, server) {
  await page.goto(`${server.origin}/enrol#code=${server.code}`);
  await page.getByLabel('Your name').fill('Idriss');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await ready(page);
}

/** The first phone of an organisation whose home is a backend that is not ours: a kind, its address and its sign-in. */
export async function begin(page, origin, { kind, address, user, secret, bucket }) {
  await page.goto(`${origin}/enrol/own`);
  await page.locator('#f-org').fill('Acme Relief');
  await page.locator('#f-name').fill('Idriss');
  await page.locator('[name=role][value=traveller]').check({ force: true });
  await page.locator(`[name=backend-kind][value=${kind}]`).check({ force: true });
  const fields = { name: 'Base', address, user, secret, bucket };
  for (const [name, value] of Object.entries(fields)) {
    if (value) await page.locator(`#f-backend-${name}`).fill(value);
  }
  if (bucket) await page.locator('[name=backend-path-style]').check({ force: true });
  await page.getByRole('button', { name: 'Begin', exact: true }).click();
  await ready(page);
}

async function ready(page) {
  await page.getByRole('button', { name: "I'm safe" }).waitFor();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
  });
}
