// Photos as evidence: taken without a network, sent after the text, and nothing left in them of what the camera wrote.

import { createHash } from 'node:crypto';
import { Api, type Stored } from '../support/api';
import { cutBefore, first } from '../support/faults';
import { expect, test } from '../support/fixtures';
import { DESK } from '../support/phone';
import { bomb, broken, noPicture, photo, screenshot, SECRET } from '../support/pictures';
import { type Asked, type Proxy, RECORDS } from '../support/proxy';

const BLOBS = '/api/v1/blobs/';

interface Photo {
  sha256: string;
  media_type: string;
  bytes: number;
  width: number;
  height: number;
}

const photosOf = (record: Stored | undefined) => (record?.data['photos'] ?? []) as Photo[];
const puts = (network: Proxy) => network.asked.filter((asked) => asked.method === 'PUT' && asked.path.startsWith(BLOBS));
const range = (asked: Asked) => asked.headers['content-range'];
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('a photo taken offline stays with the draft, goes after its text, and says nothing about the camera', async ({
  server,
  network,
  join,
}) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('reporter', 'Idriss');
  await phone.goOffline();
  await phone.report.open('incident');
  await phone.report.take(await photo(phone.page));
  await phone.report.showsPicture(phone.page.getByRole('img', { name: 'Photo 1' }));
  const name = (await phone.report.photos.getAttribute('data-photo')) ?? '';
  await phone.draftWritten(name);
  await phone.page.reload();
  await phone.report.showsPicture(phone.page.getByRole('img', { name: 'Photo 1' }));
  await phone.report.pick(await screenshot(phone.page));
  await phone.report.showsPicture(phone.page.getByRole('img', { name: 'Photo 2' }));
  await phone.report.field('what').fill('Shots at the bridge');
  const id = await phone.report.saved();
  await expect(phone.report.in('waiting')).toHaveCount(2);

  await phone.goOnline();
  await expect(phone.report.in('sent')).toHaveCount(2);
  await expect(phone.report.receipt).toHaveAttribute('data-state', 'stored');
  await phone.shell.drained();
  const order = network.asked.filter((asked) => asked.path === RECORDS || puts(network).includes(asked));
  expect(order[0]?.path, 'the text goes first').toBe(RECORDS);

  const photos = photosOf((await central.feed()).find((record) => record.id === id));
  expect(photos.map((photo) => photo.media_type)).toEqual(['image/jpeg', 'image/jpeg']);
  expect(photos[0]).toMatchObject({ sha256: name, width: 960, height: 1_280 });
  for (const { sha256: own, bytes } of photos) {
    const held = await central.blob(own);
    expect([sha256(held), held.length]).toEqual([own, bytes]);
    expect(bytes).toBeLessThanOrEqual(400_000);
    for (const left of ['Exif', SECRET]) expect(held.includes(left), left).toBe(false);
  }
});

test('whoever may read the report gets its photo by a tap, and has it from then on', async ({ network, join }) => {
  const idriss = await join('reporter', 'Idriss');
  await idriss.report.open('threat');
  await idriss.report.take(await photo(idriss.page));
  await expect(idriss.report.photos).toHaveCount(1);
  await idriss.report.field('words').fill('Do not come on Thursday');
  network.fault(BLOBS, cutBefore);
  const id = await idriss.report.saved();
  await expect(idriss.report.receipt, 'the text does not wait').toHaveAttribute('data-state', 'stored');
  await expect(idriss.report.in('waiting')).toHaveCount(1);
  await expect(idriss.shell.sync).toHaveText('1 photo to send');

  const amina = await join('security', 'Amina', DESK);
  await amina.page.goto(`/records/${id}`);
  const get = amina.page.getByRole('button', { name: 'Get photo 1' });
  await get.click();
  await expect(amina.report.photos).toContainText('The server cannot be reached');
  // Reading goes through again; the photo does not get there by itself meanwhile.
  network.fault(BLOBS, (asked, forward) => (asked.method === 'PUT' ? cutBefore(asked, forward) : forward()));
  await get.click();
  await expect(amina.report.photos).toContainText('It has not reached the server yet');
  network.heal();
  await idriss.newNetwork();
  await expect(idriss.report.in('sent')).toHaveCount(1, { timeout: 20_000 });
  await get.click();
  await expect(amina.report.in('fetched')).toHaveCount(1);
  await amina.page.getByRole('button', { name: 'Photo 1' }).click();
  await amina.report.showsPicture(amina.report.large);
  await amina.page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(amina.report.large).toBeHidden();
  await amina.installed();
  network.down();
  await amina.page.reload();
  await amina.report.showsPicture(amina.page.getByRole('img', { name: 'Photo 1' }));
});

test('an upload that breaks off goes on where the server says', async ({ server, network, join }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('reporter', 'Idriss');
  await phone.report.open('incident');
  await phone.report.take(await photo(phone.page));
  await expect(phone.report.photos).toHaveCount(1);
  const name = (await phone.report.photos.getAttribute('data-photo')) ?? '';
  await phone.report.field('what').fill('Shots at the bridge');
  let arrived = 0;
  const breakOff = first(1, async (asked, forward) => {
    arrived = Math.floor(asked.body.length / 2);
    await forward({ ...asked, body: asked.body.subarray(0, arrived) });
    return 'cut';
  });
  network.fault(BLOBS, breakOff);
  await phone.report.saved();
  await expect(phone.report.in('sent')).toHaveCount(1, { timeout: 30_000 });

  const sent = puts(network);
  const total = (await central.blob(name)).length;
  expect(range(sent[1]!), 'it asks').toBe(`bytes */${total}`);
  expect(range(sent[2]!), 'and goes on').toMatch(new RegExp(`^bytes ${arrived}-\\d+/${total}$`));
  const bytes = sent.reduce((sum, asked) => sum + asked.body.length, 0);
  expect(bytes - total, 'no more than the half that was lost is sent twice').toBe(sent[0]!.body.length - arrived);
  expect(sha256(await central.blob(name))).toBe(name);
});

test('what only looks like a photo is said, file by file, and the others are kept', async ({ join }) => {
  const phone = await join('reporter', 'Idriss');
  await phone.report.open('loss');
  const good = await screenshot(phone.page);
  await phone.report.pick(noPicture(), broken(), bomb(), good);
  const faults = phone.page.getByRole('alert');
  await expect(faults.getByText('note.jpg is not a picture.')).toBeVisible();
  await expect(faults.getByText('broken.jpg cannot be read')).toBeVisible();
  await expect(faults.getByText('wall.png is too large')).toBeVisible();
  await expect(phone.report.photos).toHaveCount(1);
  await phone.page.getByRole('button', { name: 'Remove photo 1' }).click();
  await expect(phone.report.photos).toHaveCount(0);
});

test('a server that is put back gets text and photo once more', async ({ server, network, join }) => {
  const central = await Api.enrol(server, 'central', 'HQ');
  const phone = await join('reporter', 'Idriss');
  const backup = await server.backup();
  await phone.report.open('incident');
  await phone.report.take(await photo(phone.page, 'small.jpg', 400, 300));
  await expect(phone.report.photos).toHaveCount(1);
  await phone.report.field('what').fill('Shots at the bridge');
  const id = await phone.report.saved();
  await expect(phone.report.in('sent')).toHaveCount(1);
  await server.kill();
  await server.restore(backup);
  const before = puts(network).length;
  await server.start();
  await phone.newNetwork();
  await expect.poll(() => puts(network).length, { timeout: 20_000 }).toBeGreaterThan(before);
  await expect(phone.report.in('sent')).toHaveCount(1);
  await phone.shell.drained();
  const photos = photosOf((await central.feed()).find((record) => record.id === id));
  const { sha256: own = '', bytes = -1 } = photos[0] ?? {};
  await expect.poll(() => central.blob(own).then((blob) => blob.length, () => 0)).toBe(bytes);
});
