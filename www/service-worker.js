// Keeps the page for use without a network. The build puts `SITE`, the list of files, above this script.
//
// Pages come from the network, and from what is kept only where that fails. All else lies in a folder of its version, so
// that a page of any version gets the files that it was built with, whichever version of this script is in charge.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { scope } = worker.registration;
const CACHE = `pruning-playground ${scope}`;
const PATIENCE_MS = 3000;
/** The place of a file in the cache: files that versions share are kept once. */
const placeOf = (/** @type {string} */ digest) => `${scope}.sha256/${digest}`;
const LISTS = `${scope}.versions/`;

worker.addEventListener('install', (event) => event.waitUntil(install().then(() => worker.skipWaiting())));
worker.addEventListener('activate', (event) => event.waitUntil(tidy().then(() => worker.clients.claim())));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || request.headers.has('range') || !`${origin}${pathname}`.startsWith(scope)) return;
  const path = decodeURIComponent(`${origin}${pathname}`.slice(scope.length)) || 'index.html';
  const [, version, file] = /^v\/([0-9a-f]{16})\/(.+)$/u.exec(path) ?? [];
  if (version) event.respondWith(exact(event, version, file));
  else if (Object.hasOwn(SITE.pages, path)) event.respondWith(newest(request, SITE.pages[path]));
});

/** Fetches what the page cannot do without. Where the site is just being replaced this fails, and is tried again at the next visit. */
async function install() {
  const cache = await caches.open(CACHE);
  const pages = Object.entries(SITE.pages);
  const shell = SITE.shell.map((file) => [`v/${SITE.version}/${file}`, SITE.files[file]]);
  await Promise.all([...pages, ...shell].map(async ([path, digest]) => {
    if (await cache.match(placeOf(digest))) return;
    const response = await fetch(new URL(path, scope), { cache: 'no-cache' });
    if (!response.ok || !(await keep(cache, digest, response))) throw new Error(`${path} is not that of version ${SITE.version}`);
  }));
  await cache.put(LISTS + SITE.version, Response.json(SITE.files));
}

/** Forgets all but this version and the one before, which pages that are still open may be of. */
async function tidy() {
  const cache = await caches.open(CACHE);
  const requests = await cache.keys();
  const versions = requests.filter(({ url }) => url.startsWith(LISTS)).map(({ url }) => url.slice(LISTS.length));
  const kept = [SITE.version, ...versions.filter((version) => version !== SITE.version).slice(-1)];
  const lists = await Promise.all(kept.map((version) => listOf(cache, version)));
  const wanted = new Set([SITE.pages, ...lists].flatMap((list) => Object.values(list)).map(placeOf));
  for (const version of kept) wanted.add(LISTS + version);
  await Promise.all(requests.filter(({ url }) => !wanted.has(url)).map((request) => cache.delete(request)));
}

/**
 * The files of a version by their paths, empty where it is not known.
 * @param {Cache} cache
 * @param {string} version
 * @returns {Promise<Record<string, string>>}
 */
async function listOf(cache, version) {
  if (version === SITE.version) return SITE.files;
  return (await cache.match(LISTS + version))?.json() ?? {};
}

/**
 * A file of just this version.
 * @param {FetchEvent} event
 * @param {string} version
 * @param {string} file
 */
async function exact(event, version, file) {
  const cache = await caches.open(CACHE);
  const digest = (await listOf(cache, version))[file];
  const kept = digest && await cache.match(placeOf(digest));
  if (kept) return kept;
  const response = await fetch(event.request);
  if (digest && response.ok) event.waitUntil(keep(cache, digest, response.clone()));
  return response;
}

/**
 * A page, or what else has the same address in every version.
 * @param {Request} request
 * @param {string} digest Of the one that is kept.
 */
async function newest(request, digest) {
  const fetched = fetch(new Request(request, { cache: 'no-cache' })).catch(() => null);
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS, null); });
  const response = await Promise.race([fetched, late]);
  if (response && response.status < 500) return response;
  const cache = await caches.open(CACHE);
  return await cache.match(placeOf(digest)) ?? await fetched ?? Response.error();
}

/**
 * Keeps a file if it is the one that is meant.
 * @param {Cache} cache
 * @param {string} digest
 * @param {Response} response
 */
async function keep(cache, digest, response) {
  const bytes = await response.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  // The list has the first half of each.
  if (!digest || ![...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('').startsWith(digest)) return false;
  const headers = new Headers(response.headers);
  // The bytes are unpacked by now.
  headers.delete('content-encoding');
  headers.delete('content-length');
  // A new response has no address: a module of one version would else take that of another for its own.
  await cache.put(placeOf(digest), new Response(bytes, { headers }));
  return true;
}
