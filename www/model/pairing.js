// Two measured states side by side: which two are chosen, and how they differ. Pure.

/** @import {LayerInfo} from '../generated/protocol.d.ts' */
/** @import {SavedPoint} from '../state/types.d.ts' */

/**
 * One figure of both states; `what` says how it reads: a count, a share, or a loss in nats.
 * @typedef {object} Contrast
 * @property {'step' | 'sparsity' | 'kept' | 'accuracy' | 'loss' | 'samples'} name
 * @property {string | null} layer The layer counted, for `kept`.
 * @property {'count' | 'share' | 'loss'} what
 * @property {number} first
 * @property {number} second
 * @property {number | null} difference Second less first; null where it would say nothing.
 */

/**
 * Chooses a state or lets go of it. Two at most: a third takes the place of the one chosen earliest.
 * @param {number[]} chosen Ids, in the order in which they were chosen.
 * @param {number} id
 * @returns {number[]}
 */
export function toggled(chosen, id) {
  return chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id].slice(-2);
}

/**
 * The two chosen states, the one measured first before the other; null until there are two.
 * @param {SavedPoint[]} points
 * @param {number[]} chosen
 * @returns {[SavedPoint, SavedPoint] | null}
 */
export function pairOf(points, chosen) {
  const [first, second] = points.filter(({ id }) => chosen.includes(id));
  return first && second ? [first, second] : null;
}

/**
 * @param {[SavedPoint, SavedPoint]} pair
 * @param {LayerInfo[]} layers
 * @returns {Contrast[]}
 */
export function contrast([a, b], layers) {
  /** @type {(name: Contrast['name'], what: Contrast['what'], first: number, second: number, layer?: string | null) => Contrast} */
  const row = (name, what, first, second, layer = null) => ({ name, layer, what, first, second, difference: second - first });
  return [
    row('step', 'count', a.step, b.step),
    row('sparsity', 'share', a.sparsity, b.sparsity),
    ...layers.map(({ name }, i) => row('kept', 'count', a.kept[i], b.kept[i], name)),
    row('accuracy', 'share', a.test.accuracy, b.test.accuracy),
    row('loss', 'loss', a.test.loss, b.test.loss),
    // How many images were looked at is no quality of a state.
    { ...row('samples', 'count', a.test.samples, b.test.samples), difference: null },
  ];
}
