// Whole releases only, and a new one never in the middle of a form.

import { app, temporaryFolder } from '../support/environment';
import { captivePortal } from '../support/faults';
import { expect, test as base } from '../support/fixtures';
import type { Phone } from '../support/phone';
import { copyOf, publish } from '../support/release';

const test = base.extend({
  release: async ({}, use) => {
    const folder = await temporaryFolder();
    await use(await copyOf(app(), folder.path));
    await folder.remove();
  },
});

const release = (phone: Phone) =>
  phone.page.evaluate(() => document.querySelector<HTMLMetaElement>('meta[name=e2e-release]')?.content ?? 'first');

/** As the browser does it from time to time. */
const lookForUpdate = (phone: Phone) =>
  phone.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => {});
    // Settled: whatever came is waiting or thrown away.
    const worker = registration.installing;
    if (!worker) return;
    await new Promise<void>((done) => {
      worker.onstatechange = () => worker.state !== 'installing' && done();
    });
  });

const caches = (phone: Phone) =>
  phone.page.evaluate(() => globalThis.caches.keys().then((names) => names.filter((name) => name.startsWith('waymark-'))));

test('a first visit with one asset replaced by a portal installs nothing, the next one all', async ({
  newPhone,
  network,
  server,
}) => {
  const phone = await newPhone();
  // The worker asks for everything anew: its second request for the style sheet is the one that counts.
  let asked = 0;
  network.fault('/assets/', (request, forward) =>
    request.path.endsWith('.css') && ++asked > 1 ? captivePortal(request, forward) : forward(),
  );
  await phone.enrol.open(await server.code('traveller'));
  await expect.poll(() => asked).toBeGreaterThan(1);
  await expect.poll(() => phone.page.evaluate(installing)).toBe(false);
  expect(await caches(phone)).toEqual([]);

  network.heal();
  await phone.page.reload();
  await phone.installed();
  expect(await caches(phone)).toHaveLength(1);
  network.down();
  await phone.page.goto('/records/anything');
  await expect(phone.enrol.code).toBeVisible();
});

const installing = async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  return Boolean(registration?.installing ?? registration?.waiting ?? registration?.active);
};

test('a new release that a portal spoils leaves the old one in place', async ({ join, network, release: folder }) => {
  const phone = await join('traveller', 'Idriss');
  await phone.installed();
  await publish(folder, 'second');
  let spoiled = 0;
  // The page, as the worker of the new release asks for it.
  network.fault('/', (asked, forward) => {
    if (asked.path !== '/') return forward();
    spoiled++;
    return captivePortal(asked, forward);
  });
  await lookForUpdate(phone);
  await expect.poll(() => spoiled).toBeGreaterThan(0);
  expect(await caches(phone)).toHaveLength(1);
  await phone.page.reload();
  await expect(phone.home.safe).toBeVisible();
  expect(await release(phone)).toBe('first');
});

test('a new release waits for the form, then for the word', async ({ join, release: folder }) => {
  const phone = await join('traveller', 'Idriss');
  await phone.installed();
  await phone.checkIn.open();
  await phone.checkIn.note.fill('Half a sentence');
  await publish(folder, 'second');
  await lookForUpdate(phone);

  const update = phone.page.getByRole('button', { name: 'Update now' });
  await expect(phone.page.getByText('Save or clear your form first, then update.')).toBeVisible();
  await expect(update).toBeHidden();
  await expect(phone.checkIn.note).toHaveValue('Half a sentence');

  await phone.shell.tab('Home').click();
  await expect(phone.page.getByText('A new version is ready.')).toBeVisible();
  expect(await release(phone), 'nothing changes before the word').toBe('first');
  await update.click();
  await expect.poll(() => release(phone).catch(() => 'loading')).toBe('second');
  await expect(phone.home.safe).toBeVisible();
  await expect(update).toBeHidden();
  await phone.checkIn.open();
  await expect(phone.checkIn.note, 'the draft is still there').toHaveValue('Half a sentence');
  await expect.poll(() => caches(phone)).toHaveLength(1);
});

test('it can be installed: a manifest with icons that are there, and shortcuts', async ({ newPhone, network }) => {
  const phone = await newPhone();
  await phone.enrol.open();
  const address = await phone.page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = (await (await fetch(new URL(address ?? '', network.url))).json()) as Manifest;
  expect(manifest.icons.some((icon) => icon.purpose?.includes('maskable'))).toBe(true);
  expect(manifest.shortcuts.map((shortcut) => shortcut.name)).toEqual(['Check in', 'Emergency']);
  const icons = [...manifest.icons, ...manifest.shortcuts.flatMap((shortcut) => shortcut.icons)];
  for (const { src } of icons) {
    const response = await fetch(new URL(src, new URL(address ?? '', network.url)));
    expect(response.headers.get('content-type'), src).toMatch(/^image\//);
  }
});

interface Manifest {
  icons: { src: string; purpose?: string }[];
  shortcuts: { name: string; url: string; icons: { src: string }[] }[];
}
