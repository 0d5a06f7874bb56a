// Arithmetic that the model's other parts share.

/**
 * Rounds to the nearest integer, halves to the even one.
 * @param {number} x
 */
export function roundHalfEven(x) {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * How many of the ascending numbers are strictly below `limit`.
 * @param {Float32Array | Uint32Array} sorted
 * @param {number} limit
 */
export function lowerBound(sorted, limit) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {Iterable<number> & {length: number, [index: number]: number}} numbers */
export function sum(numbers) {
  let total = 0;
  for (let i = 0; i < numbers.length; i += 1) total += numbers[i];
  return total;
}

/** @param {number} p */
export function clamp01(p) {
  return Math.min(1, Math.max(0, p));
}
