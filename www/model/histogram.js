// Scores counted in bins, and how many of each bin a cut removes.

/** @import {Scores} from '../state/types.d.ts' */
/** @import {Cut} from './ranking.js' */

/**
 * @typedef {object} Bins
 * @property {number} low Where the first bin begins: 0, or the smallest score where that is below.
 * @property {number} high The largest score.
 * @property {number[]} counts Units in each bin that are not cut for good.
 * @property {Uint8Array} binOf The bin of each unit, in the order of cutting; those cut for good have none.
 * @property {number} held How many those are: the first.
 * @property {{knots: Uint32Array, spaces: [bin: number, count: number][][]}} [table] Of a large network, in place of the bin of
 *   each unit: how many of the units between two knots are in which bins.
 */

/**
 * The bins of a network that was scored.
 * @param {Pick<Scores, 'sorted' | 'tables'>} scores
 * @param {number} held How many units are cut for good.
 * @param {number} bins At most 256.
 * @returns {Bins}
 */
export function histogramOf({ sorted, tables }, held, bins) {
  return tables ? histogramByTables(sorted, tables.knots, bins) : histogram(sorted, held, bins);
}

/**
 * As many units as lie between two knots have scores between those of the knots, evenly; where layers are ranked apart and scores
 * go down again, that of the first.
 * @param {Float32Array} sorted Scores at the knots.
 * @param {Uint32Array} knots
 * @param {number} bins
 * @returns {Bins}
 */
function histogramByTables(sorted, knots, bins) {
  const { low, high } = histogram(sorted, 0, bins);
  const place = (/** @type {number} */ score) => (high > low ? ((score - low) / (high - low)) * bins : 0);
  /** @type {[bin: number, count: number][][]} */
  const spaces = [];
  const counts = Array(bins).fill(0);
  for (let i = 0; i + 1 < knots.length; i += 1) {
    const [from, to] = [place(sorted[i]), Math.max(place(sorted[i]), place(sorted[i + 1]))];
    const units = knots[i + 1] - knots[i];
    /** @type {[number, number][]} */
    const parts = [];
    for (let bin = Math.min(bins - 1, Math.floor(from)); bin < bins && (bin < to || parts.length === 0); bin += 1) {
      const share = to > from ? (Math.min(to, bin + 1) - Math.max(from, bin)) / (to - from) : 1;
      // The end of the scale is of its last bin.
      parts.push([bin, units * Math.max(0, share)]);
      counts[bin] += units * Math.max(0, share);
    }
    spaces.push(parts);
  }
  return { low, high, counts, binOf: new Uint8Array(0), held: 0, table: { knots, spaces } };
}

/**
 * @param {Float32Array} sorted Scores in the order of cutting.
 * @param {number} held How many of the first are cut for good.
 * @param {number} bins At most 256.
 * @returns {Bins}
 */
export function histogram(sorted, held, bins) {
  const live = sorted.subarray(held);
  let [low, high] = [0, live.length > 0 ? -Infinity : 0];
  for (const score of live) {
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  const counts = Array(bins).fill(0);
  const binOf = new Uint8Array(sorted.length);
  const scale = high > low ? bins / (high - low) : 0;
  for (let i = held; i < sorted.length; i += 1) {
    const bin = Math.min(bins - 1, Math.floor((sorted[i] - low) * scale));
    binOf[i] = bin;
    counts[bin] += 1;
  }
  return { low, high, counts, binOf, held };
}

/**
 * How many units of each bin a cut removes.
 * @param {Bins} bins
 * @param {Pick<Cut, 'units' | 'unitsGone'>} cut
 * @returns {number[]}
 */
export function cutInBins({ counts, binOf, held, table }, { units, unitsGone }) {
  const removed = Array(counts.length).fill(0);
  table?.spaces.forEach((parts, i) => {
    const [from, to] = [table.knots[i], table.knots[i + 1]];
    const share = Math.min(1, Math.max(0, (units - from) / (to - from)));
    for (const [bin, count] of parts) removed[bin] += share * count;
  });
  for (let i = held; i < binOf.length; i += 1) {
    if (unitsGone ? unitsGone[i] === 1 : i < units) removed[binOf[i]] += 1;
  }
  return removed;
}

/**
 * The size that all but a share of the numbers stay within, to a 1000th of the largest.
 * @param {Float32Array} numbers
 * @param {Uint8Array} masks Numbers with a 0 here are left out.
 * @param {number} share
 */
export function sizeOfMost(numbers, masks, share) {
  let largest = 0;
  let live = 0;
  for (let i = 0; i < numbers.length; i += 1) {
    if (masks[i] === 0) continue;
    live += 1;
    largest = Math.max(largest, Math.abs(numbers[i]));
  }
  const counts = new Uint32Array(1000);
  for (let i = 0; i < numbers.length; i += 1) {
    if (masks[i] !== 0) counts[Math.min(999, Math.floor((Math.abs(numbers[i]) / largest) * 1000))] += 1;
  }
  let below = 0;
  for (let bin = 0; bin < 1000; bin += 1) {
    below += counts[bin];
    if (below >= share * live) return (largest * (bin + 1)) / 1000;
  }
  return largest;
}
