// Loss and accuracy over the training steps, thinned as it grows.

/** @import {History} from './types.d.ts' */

/** @type {History} */
export const EMPTY_HISTORY = Object.freeze({ step: [], loss: [], accuracy: [] });

/** Entries before every second one is dropped. */
const HISTORY_LIMIT = 1200;

/**
 * With what was measured at a step. What was known of later ones is forgotten.
 * @param {History} before
 * @param {number} step
 * @param {number | null} loss
 * @param {number | null} accuracy
 * @returns {History}
 */
export function extended(before, step, loss, accuracy) {
  // Weights that were rewound are trained again from an earlier step.
  const history = (before.step.at(-1) ?? step) > step ? historyBefore(before, step) : before;
  const last = history.step.length - 1;
  // Two accuracies at one step are those before and after a cut: both are shown.
  const merge = history.step[last] === step && (accuracy === null || history.accuracy[last] === null || accuracy === history.accuracy[last]);
  const head = merge ? thinned(history, last) : thinned(history, last + 1);
  return {
    step: [...head.step, step],
    loss: [...head.loss, loss ?? (merge ? history.loss[last] : null)],
    accuracy: [...head.accuracy, accuracy ?? (merge ? history.accuracy[last] : null)],
  };
}

/**
 * The first `length` entries, every second one dropped when there are too many. Accuracies are rare and stay.
 * @param {History} history
 * @param {number} length
 * @returns {History}
 */
function thinned(history, length) {
  const keep = (/** @type {unknown} */ _, /** @type {number} */ i) => i < length
    && (length < HISTORY_LIMIT || i % 2 === 0 || history.accuracy[i] !== null);
  return { step: history.step.filter(keep), loss: history.loss.filter(keep), accuracy: history.accuracy.filter(keep) };
}

/**
 * Only what came before a step, which is measured anew.
 * @param {History} history
 * @param {number} step
 * @returns {History}
 */
export function historyBefore(history, step) {
  const keep = (/** @type {unknown} */ _, /** @type {number} */ i) => history.step[i] < step;
  return { step: history.step.filter(keep), loss: history.loss.filter(keep), accuracy: history.accuracy.filter(keep) };
}
