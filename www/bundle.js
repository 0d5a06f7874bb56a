// Loading a WebAssembly bundle, with its download counted in bytes.

/** @import {BackendName, BundleModule, Playground} from './types.d.ts' */

/**
 * Loads the bundle of a backend and creates its playground.
 * @param {BackendName} backend
 * @param {(loaded: number, total: number) => void} onProgress Bytes of the uncompressed module.
 * @returns {Promise<{playground: Playground, memory: WebAssembly.Memory}>} Rejects where the bundle, the device or its self-test fails.
 */
export async function loadPlayground(backend, onProgress) {
  const folder = new URL(`../pkg/${backend}/`, import.meta.url);
  /** @type {Promise<BundleModule>} */
  const glue = import(new URL('playground.js', folder).href);
  const wasm = fetch(new URL('playground_bg.wasm', folder));
  const [bundle, total, response] = await Promise.all([glue, bundleBytes(backend), wasm]);
  const { memory } = await bundle.default({ module_or_path: counted(response, total, onProgress) });
  const playground = await bundle.Playground.create();
  await playground.selfTest();
  return { playground, memory };
}

/**
 * The uncompressed size of a bundle: `Content-Length` counts the bytes of the compressed transfer.
 * @param {BackendName} backend
 */
async function bundleBytes(backend) {
  const response = await fetch(new URL('../pkg/sizes.json', import.meta.url));
  if (!response.ok) return 0;
  const sizes = await response.json();
  return Number(sizes?.[backend]?.bytes ?? 0);
}

/**
 * A response whose bytes are told as they come in.
 * @param {Response} response
 * @param {number} total
 * @param {(loaded: number, total: number) => void} onProgress
 */
function counted(response, total, onProgress) {
  if (!response.ok || !response.body) throw new Error(`${new URL(response.url).pathname}: HTTP ${response.status}`);
  let loaded = 0;
  let told = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      const now = performance.now();
      // A chunk may be small: more than one report a frame would only load the page.
      if (now - told > 16 || loaded === total) {
        told = now;
        onProgress(loaded, total);
      }
      controller.enqueue(chunk);
    },
  });
  // Streaming compilation insists on this type, which not every static host sends.
  const headers = { 'content-type': 'application/wasm' };
  return new Response(response.body.pipeThrough(counter), { headers });
}
