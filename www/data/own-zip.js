// The images in a zip, one after the other, without ever holding more of it than one image and a slice.

import { OwnProblem, isImagePath } from './own-paths.js';

/** An image may have so many bytes, and all that a zip holds so many once unpacked. */
export const MOST_BYTES = Object.freeze({ image: 32 << 20, all: 2 ** 31 });
/** Deflate makes at most about 1000 bytes of one: a slice unpacks to 64 MB at worst. */
const SLICE = 64 << 10;

/**
 * @typedef {object} Found
 * @property {string} path
 * @property {Uint8Array<ArrayBuffer>[] | null} parts null where it can't be unpacked or is too large.
 */

/**
 * @param {Blob} zip
 * @param {Pick<typeof import('fflate'), 'Unzip' | 'UnzipInflate'>} library
 * @param {(read: number) => void} onProgress Bytes of the zip.
 * @returns {AsyncGenerator<Found>}
 */
export async function* imagesInZip(zip, { Unzip, UnzipInflate }, onProgress) {
  if (!(await isZip(zip))) throw new OwnProblem('own-not-zip');
  /** @type {Found[]} */
  let found = [];
  let unpacked = 0;
  const unzip = new Unzip((file) => {
    const wanted = isImagePath(file.name);
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const parts = [];
    let bytes = 0;
    let done = false;
    file.ondata = (error, chunk, last) => {
      bytes += chunk?.length ?? 0;
      unpacked += chunk?.length ?? 0;
      const bad = Boolean(error) || Math.max(bytes, file.originalSize ?? 0) > MOST_BYTES.image;
      if (chunk && wanted && !bad) parts.push(/** @type {Uint8Array<ArrayBuffer>} */ (chunk));
      if (bad) parts.length = 0;
      if (done || !(bad || last)) return;
      done = true;
      if (wanted) found.push({ path: file.name, parts: bad ? null : parts });
    };
    // What is not wanted is unpacked too, since the library would keep what nobody takes.
    file.start();
  });
  unzip.register(UnzipInflate);
  for (let at = 0; at < zip.size; at += SLICE) {
    const slice = new Uint8Array(await zip.slice(at, at + SLICE).arrayBuffer());
    push(unzip, slice, at + SLICE >= zip.size);
    if (unpacked > MOST_BYTES.all) throw new OwnProblem('own-too-large');
    yield* found;
    found = [];
    onProgress(Math.min(zip.size, at + SLICE));
  }
}

/**
 * @param {import('fflate').Unzip} unzip
 * @param {Uint8Array} slice
 * @param {boolean} last
 */
function push(unzip, slice, last) {
  try {
    unzip.push(slice, last);
  } catch {
    throw new OwnProblem('own-damaged-zip');
  }
}

/** @param {Blob} blob */
async function isZip(blob) {
  const head = new Uint8Array(await blob.slice(0, 4).arrayBuffer());
  return String(head) === '80,75,3,4';
}
