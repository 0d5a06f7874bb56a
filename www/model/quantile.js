// What lies so far along sorted values.

/**
 * The nearest of the values; not a number where there are none.
 * @param {readonly number[]} values
 * @param {number} q 0 to 1; a half is the median.
 */
export function quantile(values, q) {
  return values.toSorted((a, b) => a - b)[Math.round((values.length - 1) * q)] ?? NaN;
}
