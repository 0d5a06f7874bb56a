// The dense network that a pruned one learns from.

/** @import {SavedPoint} from './types.d.ts' */

/**
 * The dense state that was trained longest, of several the latest.
 * @param {readonly SavedPoint[]} points All of one shape of network.
 * @returns {SavedPoint | null} null where none has been trained.
 */
export function teacherOf(points) {
  return points.reduce((/** @type {SavedPoint | null} */ best, point) => {
    const better = point.kind === 'dense' && point.step > 0 && point.step >= (best?.step ?? 0);
    return better ? point : best;
  }, null);
}
