// The state of a network in training as the page holds it: to be handed back, never looked into.

/**
 * Small ones as bytes. Larger ones as blobs, which a browser keeps outside the memory of a page, and on its disk where it must: one of
 * 4.3 million weights holds 70 MB.
 * @typedef {Uint8Array | Blob} Checkpoint
 */

/** The most bytes of a small one. */
const SMALL = 1024 * 1024;

/**
 * As it is told to the page.
 * @param {Checkpoint} checkpoint
 * @returns {Checkpoint}
 */
export function packed(checkpoint) {
  return sizeOf(checkpoint) > SMALL && checkpoint instanceof Uint8Array ? new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (checkpoint)]) : checkpoint;
}

/**
 * As the core takes it.
 * @param {Checkpoint} checkpoint
 * @returns {Promise<Uint8Array>} Rejects where the browser has lost it.
 */
export async function unpacked(checkpoint) {
  return checkpoint instanceof Blob ? new Uint8Array(await checkpoint.arrayBuffer()) : checkpoint;
}

/** @param {Checkpoint} checkpoint */
export function sizeOf(checkpoint) {
  return checkpoint instanceof Blob ? checkpoint.size : checkpoint.length;
}
