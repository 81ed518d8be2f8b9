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
  await page.getByRole('button', { name: "I'm safe" }).waitFor();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
  });
}
