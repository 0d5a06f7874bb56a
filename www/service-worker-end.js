// Published as service-worker.js by a site that is not to work offline: ends the one that browsers have, with all that it keeps.

const leaving = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

leaving.addEventListener('install', () => leaving.skipWaiting());
leaving.addEventListener('activate', (event) => event.waitUntil(end()));

async function end() {
  await caches.delete(`pruning-playground ${leaving.registration.scope}`);
  await leaving.registration.unregister();
}
