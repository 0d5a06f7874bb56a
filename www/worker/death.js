// Why a worker ended, as one word that the page has a sentence for.

/** @import {CauseOfDeath} from './types.d.ts' */

/** Pages of 64 kB: less than this can't be had only where memory has run out. */
const PROBE_PAGES = 1024;

/**
 * A failed allocation in Rust ends in the same trap as any other defect, and its message does not tell
 * them apart; whether the memory can still grow does.
 * @param {unknown} error
 * @param {Pick<WebAssembly.Memory, 'grow'> | null} memory Of the instance that failed.
 */
export function isOutOfMemory(error, memory) {
  const message = String(error);
  if (/out of memory|memory allocation|allocation failed|could not allocate|invalid array buffer length/iu.test(message)) return true;
  if (!memory || !/unreachable/iu.test(message)) return false;
  try {
    memory.grow(PROBE_PAGES);
    return false;
  } catch {
    return true;
  }
}

/**
 * @param {unknown} error
 * @param {Pick<WebAssembly.Memory, 'grow'> | null} memory None where no bundle has been loaded.
 * @returns {CauseOfDeath}
 */
export function causeOfDeath(error, memory) {
  if (isOutOfMemory(error, memory)) return 'out-of-memory';
  return memory ? 'failed' : 'load-failed';
}

/**
 * Tells of the loss of any GPU device opened in this worker. The runtime that opens it does not.
 * @param {(message: string) => void} onLost
 */
export function watchDevices(onLost) {
  const prototype = /** @type {any} */ (globalThis).GPUAdapter?.prototype;
  if (!prototype) return;
  const open = prototype.requestDevice;
  prototype.requestDevice = async function requestDevice(/** @type {unknown[]} */ ...options) {
    const device = await open.apply(this, options);
    device.lost.then((/** @type {{reason: string, message: string}} */ { reason, message }) => {
      // One that its owner has let go of is not lost.
      if (reason !== 'destroyed') onLost(message || reason);
    });
    return device;
  };
}
