// Which test images pruning forgets, and which classes lose most, from what the network says of each image at each sparsity of the
// one-shot curve (Hooker et al. 2019). Pure.

import { sum } from './numbers.js';

/**
 * @typedef {object} Answers
 * @property {number[]} sparsities Of the points, ascending.
 * @property {number[]} labels Of the images.
 * @property {number[]} breaking For each image the point from which its answer stays wrong; see the protocol.
 * @property {Uint8Array} answers The class that is named, point after point.
 */

/** @typedef {{images: number, dense: number, pruned: number}} OfClass Images of a class, and how many are right. */

/** Fewer images of a class than these say nothing of it. */
const LEAST_IMAGES = 10;
/** Classes whose losses differ by less than this share are taken to lose the same. */
const UNEVEN = 0.1;

/**
 * The last point that a cut has reached.
 * @param {Answers} of
 * @param {number} sparsity
 */
export function pointAt({ sparsities }, sparsity) {
  return Math.max(0, sparsities.findLastIndex((each) => each <= sparsity + 1e-9));
}

/**
 * Images past their breaking point, of those that have one to pass.
 * @param {Answers} of
 * @param {number} point
 */
export function lost({ breaking }, point) {
  const own = breaking.filter((from) => from > 0);
  return { lost: own.filter((from) => from <= point).length, of: own.length };
}

/**
 * How many images of each class are right before the first cut of the curve, and at a point of it.
 * @param {number[][]} dense The confusions there.
 * @param {number[][]} pruned
 * @returns {OfClass[]}
 */
export function byClass(dense, pruned) {
  return dense.map((row, i) => ({ images: sum(row), dense: row[i], pruned: pruned[i][i] }));
}

/**
 * Counts of images by their class, and by the class that is named.
 * @param {Answers} of
 * @param {number} point
 * @param {number} classes
 */
export function confusion({ labels, answers }, point, classes) {
  const counts = Array.from({ length: classes }, () => new Array(classes).fill(0));
  labels.forEach((label, i) => { counts[label][answers[point * labels.length + i]] += 1; });
  return counts;
}

/**
 * The classes that lose most and least, where their losses differ.
 * @param {OfClass[]} classes
 * @returns {{worst: number, best: number, most: number, least: number} | 'even' | 'few'} Losses as shares of a class's images.
 */
export function unequal(classes) {
  const fit = classes.map((each, index) => ({ index, images: each.images, loss: (each.dense - each.pruned) / each.images })).filter(({ images }) => images >= LEAST_IMAGES);
  if (fit.length < 2) return 'few';
  const sorted = fit.sort((a, b) => b.loss - a.loss);
  const [worst, best] = [sorted[0], sorted[sorted.length - 1]];
  return worst.loss - best.loss < UNEVEN ? 'even' : { worst: worst.index, best: best.index, most: worst.loss, least: best.loss };
}
