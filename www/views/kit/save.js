// Giving a person a file.

import { h } from './dom.js';

/**
 * @param {string} name
 * @param {Blob} blob
 */
export function save(name, blob) {
  const url = URL.createObjectURL(blob);
  h('a', { href: url, download: name }).click();
  // The browser has taken the address up by the time that this task is over.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
