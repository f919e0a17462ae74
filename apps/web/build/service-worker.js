/* global files, version -- the build writes both in front of this */
// Keeps the shell of the page at hand, so that a reload without a network shows the page and the drafts of this browser. What the API answers is never kept.
const cacheName = `granary-shell-${version}`;

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell());
});
self.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/')) return;
  if (pathname.startsWith('/assets/') || files.includes(pathname)) event.respondWith(fromCache(request));
  else if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => caches.match('/')));
});

async function keepShell() {
  const cache = await caches.open(cacheName);
  await cache.addAll(files.map((file) => new Request(file, file.startsWith('/assets/') ? {} : { cache: 'no-cache' })));
  await self.skipWaiting();
}

async function takeOver() {
  for (const name of await caches.keys()) if (name.startsWith('granary-shell-') && name !== cacheName) await caches.delete(name);
  await self.clients.claim();
}

/** Files with a hash in their name never change; the few others change with the version of this worker. */
async function fromCache(request) {
  const known = request.mode === 'navigate' ? undefined : await caches.match(request);
  if (known !== undefined) return known;
  try {
    const response = await fetch(request);
    if (response.ok && new URL(request.url).pathname.startsWith('/assets/')) {
      const copy = response.clone();
      caches.open(cacheName).then((cache) => cache.put(request, copy));
    }
    return response;
  } catch (error) {
    const shell = request.mode === 'navigate' ? await caches.match('/') : undefined;
    if (shell !== undefined) return shell;
    throw error;
  }
}
