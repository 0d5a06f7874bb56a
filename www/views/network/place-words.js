// Where a weight is, in the terms of its layer.

/** @import {Grid} from './kernels.js' */
/** @import {View} from '../kit/view.d.ts' */

/** The channel group of filters that are of none: the classes. */
export const NO_GROUP = 0xFFFFFFFF;

/**
 * @param {Grid} grid
 * @param {{group: number, tile: number, row: number, column: number}} hit
 * @param {string[]} classes
 * @param {Pick<View, 't' | 'format'>} words
 */
export function placeOf({ linear }, { group, tile, row, column }, classes, { t, format }) {
  const number = (/** @type {number} */ index) => format.integer(index + 1);
  if (linear) return t('place-linear', { input: number(group), output: classes[tile] ?? number(tile) });
  return t('place-conv', { filter: number(group), input: number(tile), row: number(row), column: number(column) });
}
