// What a cut removes, answered on the page from the scores in the order of cutting, so that the
// slider follows every frame without asking the worker. The rules are those of the core: a fraction
// removes round(p*n) weights, halves to even; a threshold removes all with s < t; what was removed
// before stays removed.

/** @import {Selection, LayerInfo} from './generated/protocol.d.ts' */

/**
 * What a selection removes.
 * @typedef {object} Cut
 * @property {number} pruned Weights removed: those with a rank below this.
 * @property {number} total Prunable weights.
 * @property {number} sparsity pruned / total.
 * @property {number} threshold The smallest score kept, or the least float32 above the largest.
 * @property {boolean} everything Whether nothing is kept.
 */

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
 * How many of the ascending scores are strictly below `threshold`.
 * @param {Float32Array} sorted
 * @param {number} threshold
 */
export function lowerBound(sorted, threshold) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The least float32 above a finite `x` >= 0.
 * @param {number} x
 */
export function nextUp(x) {
  const float = new Float32Array([x]);
  const bits = new Uint32Array(float.buffer);
  bits[0] += 1;
  return float[0];
}

/**
 * @param {Float32Array} sorted Scores in the order of cutting, those already cut first, as 0.
 * @param {number} alreadyCut How many are already cut.
 * @param {Selection} selection
 * @returns {Cut}
 */
export function cut(sorted, alreadyCut, selection) {
  const total = sorted.length;
  const wanted = selection.by === 'fraction'
    ? roundHalfEven(clamp01(selection.value) * total)
    : lowerBound(sorted, Math.fround(selection.value));
  const pruned = Math.max(wanted, alreadyCut);
  const everything = pruned >= total;
  const largest = sorted[total - 1] ?? 0;
  const boundary = everything ? nextUp(largest) : sorted[pruned];
  const threshold = selection.by === 'threshold' && wanted === pruned
    ? Math.fround(selection.value)
    : boundary;
  return { pruned, total, sparsity: total === 0 ? 0 : pruned / total, threshold, everything };
}

/**
 * Weights kept in each layer when the first `pruned` of the order go.
 * @param {Uint32Array} ranks
 * @param {number} pruned
 * @param {LayerInfo[]} layers
 * @returns {number[]}
 */
export function keptByLayer(ranks, pruned, layers) {
  let offset = 0;
  return layers.map(({ weights }) => {
    let kept = 0;
    for (let i = offset; i < offset + weights; i += 1) {
      if (ranks[i] >= pruned) kept += 1;
    }
    offset += weights;
    return kept;
  });
}

/**
 * Counts the scores not yet cut in equal bins from 0 to the largest.
 * @param {Float32Array} sorted
 * @param {number} alreadyCut
 * @param {number} bins
 * @returns {{counts: number[], largest: number}}
 */
export function histogram(sorted, alreadyCut, bins) {
  const live = sorted.subarray(alreadyCut);
  const largest = live[live.length - 1] ?? 0;
  const counts = [];
  let below = 0;
  for (let bin = 1; bin <= bins; bin += 1) {
    const upTo = bin === bins ? live.length : lowerBound(live, (largest * bin) / bins);
    counts.push(upTo - below);
    below = upTo;
  }
  return { counts, largest };
}

/** @param {number} p */
function clamp01(p) {
  return Math.min(1, Math.max(0, p));
}
