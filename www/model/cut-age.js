// How long each weight survived: the step of its cut on a scale from the beginning to the last step. Pure.

/** In place of the step of its cut, for a weight that is kept. */
export const KEPT = 0xffffffff;

/**
 * The end of the scale: the step in hand, or the last cut where the weights have gone back to an earlier step since.
 * @param {Uint32Array} cutAt
 * @param {number} step
 */
export function lastStep(cutAt, step) {
  return cutAt.reduce((last, at) => (at === KEPT ? last : Math.max(last, at)), step);
}

/**
 * How far along the scale a weight was cut, 0 to 1; null while it is kept.
 * @param {number} at The step of its cut.
 * @param {number} last The end of the scale.
 */
export function ageOf(at, last) {
  if (at === KEPT) return null;
  return last === 0 ? 0 : at / last;
}
