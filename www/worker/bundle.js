// Loading a WebAssembly bundle: compiled while it comes in, with its download counted in bytes.

import { place } from '../place.js';

/** @import {BackendName} from '../model/types.d.ts' */
/** @import {BundleModule, Peers, Playground} from './types.d.ts' */

/**
 * Downloads and compiles the bundle of a backend.
 * @param {BackendName} backend
 * @param {(loaded: number, total: number) => void} onProgress Bytes of the uncompressed module.
 * @returns {Promise<WebAssembly.Module>} Can be posted to workers, which then need no copy of their own.
 */
export async function compileBundle(backend, onProgress) {
  let total = 0;
  bundleBytes(backend).then((bytes) => { total = bytes; }, () => {});
  const response = await fetch(new URL('playground_bg.wasm', folderOf(backend)));
  return WebAssembly.compileStreaming(counted(response, (loaded) => { if (total > 0) onProgress(loaded, total); }));
}

/**
 * Creates the playground of a backend.
 * @param {BackendName} backend
 * @param {Promise<WebAssembly.Module>} compiled
 * @param {Peers} [peers] Workers that training may be spread over.
 * @returns {Promise<{playground: Playground, memory: WebAssembly.Memory}>} Rejects where the bundle, the device or its self-test fails.
 */
export async function loadPlayground(backend, compiled, peers) {
  /** @type {Promise<BundleModule>} */
  const glue = import(new URL('playground.js', folderOf(backend)).href);
  const [bundle, module] = await Promise.all([glue, compiled]);
  const { memory } = await bundle.default({ module_or_path: module });
  const playground = await bundle.Playground.create(peers);
  await playground.selfTest();
  return { playground, memory };
}

/** @param {BackendName} backend */
function folderOf(backend) {
  return place(`../pkg/${backend}/`);
}

/**
 * The uncompressed size of a bundle: `Content-Length` counts the bytes of the compressed transfer.
 * @param {BackendName} backend
 */
async function bundleBytes(backend) {
  const response = await fetch(place('../pkg/sizes.json'));
  if (!response.ok) return 0;
  const sizes = await response.json();
  return Number(sizes?.[backend]?.bytes ?? 0);
}

/**
 * A response whose bytes are told as they come in.
 * @param {Response} response
 * @param {(loaded: number) => void} onBytes
 */
function counted(response, onBytes) {
  if (!response.ok || !response.body) throw new Error(`${new URL(response.url).pathname}: HTTP ${response.status}`);
  let loaded = 0;
  let told = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      const now = performance.now();
      // A chunk may be small: more than one report a frame would only load the page.
      if (now - told > 16) {
        told = now;
        onBytes(loaded);
      }
      controller.enqueue(chunk);
    },
    flush: () => onBytes(loaded),
  });
  // Streaming compilation insists on this type, which not every static host sends.
  const headers = { 'content-type': 'application/wasm' };
  return new Response(response.body.pipeThrough(counter), { headers });
}
