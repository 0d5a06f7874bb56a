// Keeps the page for use without a network. Only the page itself does this, never a widget on someone else's.

/** Registers the service worker that lies beside the page, once the page has nothing more urgent to do. */
function keepOffline() {
  // Elsewhere than in a site that is visited safely, browsers have no service workers.
  if (!('serviceWorker' in navigator) || !location.protocol.startsWith('http')) return;
  navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI), { updateViaCache: 'none' }).catch((error) => {
    console.info('The page is not kept for use offline:', error);
  });
}

/** @param {() => void} act */
function whenIdle(act) {
  if ('requestIdleCallback' in window) window.requestIdleCallback(act);
  else setTimeout(act, 1000);
}

if (document.readyState === 'complete') whenIdle(keepOffline);
else window.addEventListener('load', () => whenIdle(keepOffline), { once: true });
