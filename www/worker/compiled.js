// The CPU bundle, compiled once for all workers of a page: its download begins while the first of them still starts, and
// one that takes the place of another, or runs a race beside it, finds it done.

import { compileBundle } from './bundle.js';

/** @type {Promise<WebAssembly.Module> | null} */
let module = null;
/** @type {Set<(loaded: number, total: number) => void>} */
const listeners = new Set();

/**
 * @param {(loaded: number, total: number) => void} onProgress Is told of the download, where there still is one.
 * @returns {Promise<WebAssembly.Module>}
 */
export async function cpuModule(onProgress) {
  listeners.add(onProgress);
  module ??= compileBundle('cpu', (loaded, total) => listeners.forEach((tell) => tell(loaded, total)));
  try {
    return await module;
  } catch (error) {
    // The next worker tries again.
    module = null;
    throw error;
  } finally {
    listeners.delete(onProgress);
  }
}
