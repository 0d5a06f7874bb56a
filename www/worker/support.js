// What a browser must have for the widget to work at all.

/** A function of one SIMD instruction: the CPU bundle is made of such. */
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);

/** @typedef {{Worker?: unknown, WebAssembly?: typeof WebAssembly, HTMLElement?: {prototype: object}}} Scope */

/** @type {[string, (scope: Scope) => boolean][]} What is needed, by its standard name; the oldest first. */
const NEEDED = [
  ['Web Workers', ({ Worker }) => Boolean(Worker)],
  ['WebAssembly', ({ WebAssembly }) => Boolean(WebAssembly)],
  ['WebAssembly SIMD', ({ WebAssembly }) => !WebAssembly || WebAssembly.validate(SIMD)],
  ['Array.prototype.toSorted', () => 'toSorted' in Array.prototype],
  // In a worker there are no elements.
  ['Popover API', ({ HTMLElement }) => !HTMLElement || 'popover' in HTMLElement.prototype],
];

/**
 * @param {Scope} scope
 * @returns {string[]} Standard names of what is missing.
 */
export function missingFeatures(scope = globalThis) {
  return NEEDED.filter(([, has]) => !has(scope)).map(([name]) => name);
}
