// What a browser must have for the trainer to run at all.

/** A function of one SIMD instruction: the CPU bundle is made of such. */
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);

/**
 * @param {{Worker?: unknown, WebAssembly?: typeof WebAssembly}} scope
 * @returns {string[]} Standard names of what is missing.
 */
export function missingFeatures(scope = globalThis) {
  if (!scope.Worker) return ['Web Workers'];
  if (!scope.WebAssembly) return ['WebAssembly'];
  return scope.WebAssembly.validate(SIMD) ? [] : ['WebAssembly SIMD'];
}
