// Keeps the page for use without a network. Only the page itself does this, never a widget on someone else's.

/** Registers the service worker that lies beside the page, once the page has nothing more urgent to do. */
function keepOffline() {
  // Elsewhere than in a site that is visited safely, browsers have no service workers.
  if (!('serviceWorker' in navigator) || !location.protocol.startsWith('http')) return;
  navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI), { updateViaCache: 'none' }).catch((error) => {
    console.info('The page is not kept for use offline:', error);
  });
}

/** Milliseconds after the page has loaded: until then the processor is the trainer's, which starts. */
const AFTER_LOADING = 2000;

function later() {
  setTimeout(() => {
    if ('requestIdleCallback' in window) window.requestIdleCallback(keepOffline, { timeout: AFTER_LOADING });
    else keepOffline();
  }, AFTER_LOADING);
}

if (document.readyState === 'complete') later();
else window.addEventListener('load', later, { once: true });
