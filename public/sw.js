// Keeps one whole release on the phone. The two lines below are filled in when the app is built:
// the release's id, and the SHA-256 of every file of it by address.
const RELEASE = 'unbuilt';
const FILES = {};

const PREFIX = 'waymark-';
const CACHE = PREFIX + RELEASE;
const LISTED = new Set(Object.keys(FILES));

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', answer);
self.addEventListener('message', (event) => {
  if (event.data?.type === 'activate') event.waitUntil(self.skipWaiting());
  if (event.data?.type === 'claim') event.waitUntil(self.clients.claim());
});
self.addEventListener('sync', (event) => {
  if (event.tag === 'waymark-drain') event.waitUntil(wake());
});

// All or nothing: no file is put away before every file is there and is what the release says.
async function install() {
  const entries = await Promise.all([...LISTED].map(async (path) => [path, await obtain(path)]));
  try {
    const cache = await caches.open(CACHE);
    await Promise.all(entries.map(([path, response]) => cache.put(path, response)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

// What an earlier release already brought is not fetched again: the link may be a bad one.
async function obtain(path) {
  const held = path.startsWith('/assets/') ? await caches.match(path) : undefined;
  if (held && (await isGenuine(held, path))) return held;
  const response = await fetch(path, { cache: 'reload', redirect: 'error' });
  if (response.status !== 200 || response.type !== 'basic' || !(await isGenuine(response, path))) {
    throw new Error(`${path} is not the file of release ${RELEASE}`);
  }
  return response;
}

// A captive portal answers anything with its own page: only the content tells.
async function isGenuine(response, path) {
  const digest = await crypto.subtle.digest('SHA-256', await response.clone().arrayBuffer());
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex === FILES[path];
}

async function activate() {
  const first = (await olderCaches()).length === 0;
  await prune();
  // Only the first visit has pages that no worker serves; an update takes over its own by itself.
  if (first) await self.clients.claim();
}

function answer(event) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') {
    // A last part with a dot is a file, not a screen.
    if (pathname !== '/index.html' && /\.[^/]*$/.test(pathname)) return;
    event.respondWith(fromCache('/', request));
    event.waitUntil(prune());
  } else if (LISTED.has(pathname) || pathname.startsWith('/assets/')) {
    event.respondWith(fromCache(pathname, request));
  }
}

// A page of the release before finds its files in that release's cache, which is kept for it.
async function fromCache(path, request) {
  const cache = await caches.open(CACHE);
  const held = (await cache.match(path)) ?? (path.startsWith('/assets/') ? await caches.match(path) : undefined);
  return held ?? fetch(request);
}

// Older releases go when at most one page is open: that one has just been, or is about to be, loaded anew.
async function prune() {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.length > 1) return;
  // Not the cache of a release that is waiting: this worker is active, and knows only what is older.
  if (self.registration.waiting || self.registration.installing) return;
  for (const name of await olderCaches()) await caches.delete(name);
}

async function olderCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
}

async function wake() {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  for (const page of pages) page.postMessage({ type: 'wake' });
}

// A notice of the server: it says that something waits, never what. The board is where one reads on.
self.addEventListener('push', (event) => event.waitUntil(notify(event.data)));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openScreen(event.notification.data || '/watch'));
});

async function notify(data) {
  let notice = {};
  try {
    notice = data?.json() ?? {};
  } catch {
    // Not ours to read; something waits all the same.
  }
  await self.registration.showNotification(notice.title || 'Waymark', {
    body: notice.body || '',
    tag: notice.id || 'waymark',
    renotify: true,
    requireInteraction: true,
    icon: '/icons/icon-192.png',
  });
  await wake();
}

async function openScreen(path) {
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!page) return self.clients.openWindow(path);
  page.postMessage({ type: 'open', path });
  return page.focus();
}
