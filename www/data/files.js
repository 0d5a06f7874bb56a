// Data sets that the site itself has, listed in data/index.json by the build.

import { place } from '../place.js';

/** @import {DatasetId} from '../generated/protocol.d.ts' */

/** @typedef {{file: string, bytes: number}[]} Offer */

const FOLDER = place('../data/');

/**
 * The files of a data set that this site offers.
 * @param {DatasetId} dataset
 * @returns {Promise<Offer | null>}
 */
export async function findOffer(dataset) {
  const response = await fetch(new URL('index.json', FOLDER));
  if (!response.ok) return null;
  const index = await response.json();
  const offer = index?.[dataset];
  return Array.isArray(offer) && offer.length > 0 ? offer : null;
}

/** @param {Offer} offer */
export function bytesOf(offer) {
  return offer.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Downloads the files of an offer, one after the other.
 * @param {Offer} offer
 * @param {(loaded: number, total: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<File[]>} Rejects with the reason of the signal where it is aborted.
 */
export async function download(offer, onProgress, signal) {
  const total = bytesOf(offer);
  /** @type {File[]} */
  const files = [];
  let before = 0;
  for (const { file, bytes } of offer) {
    const response = await fetch(new URL(file, FOLDER), { signal });
    if (!response.ok || !response.body) throw new Error(`${file}: HTTP ${response.status}`);
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const parts = [];
    let loaded = before;
    const reader = response.body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      parts.push(chunk.value);
      loaded += chunk.value.byteLength;
      onProgress(loaded, total);
    }
    before += bytes;
    files.push(new File(parts, file.split('/').pop() ?? file));
  }
  return files;
}
