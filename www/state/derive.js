// What follows from the state and is not kept in it.

import { interval } from '../model/interval.js';
import { methodKey, methodOf, sameMethod } from '../model/method.js';
import { cut } from '../model/ranking.js';
import { sameSelection } from '../model/selection.js';

/** @import {LayerInfo, Metrics, Selection} from '../generated/protocol.d.ts' */
/** @import {Cut} from '../model/ranking.js' */
/** @import {CurvePoint, PastCurve, Scores, State} from './types.d.ts' */

/**
 * The selection applied to the scores. Remembers its last answer, since each view asks in each frame.
 * @returns {(state: State) => Cut | null}
 */
export function createCutSelector() {
  /** @type {{scores: Scores, selection: Selection, layers: LayerInfo[], answer: Cut} | null} */
  let last = null;
  return ({ scores, selection, layers }) => {
    if (!scores) return null;
    if (last && last.scores === scores && last.selection === selection && last.layers === layers) return last.answer;
    const answer = cut(scores, layers, selection);
    last = { scores, selection, layers, answer };
    return answer;
  };
}

/**
 * Whether the weights are being ranked by the method that was chosen last.
 * @param {State} state
 */
export function isScoring({ scores, settings }) {
  return scores !== null && !sameMethod(methodOf(settings), scores.method);
}

/**
 * The accuracy under the selection: measured, or still awaited.
 * @typedef {object} Outcome
 * @property {Metrics} test
 * @property {number} pruned How many weights were cut when it was measured.
 * @property {boolean} pending Whether a newer answer is on its way.
 * @property {number | null} ms What the preview's first estimate took in the worker.
 * @property {boolean} refined Whether it is over more images than that.
 * @property {Float32Array | null} probabilities Of the examples.
 */

/**
 * @param {State} state
 * @param {Cut | null} now
 * @returns {Outcome | null}
 */
export function outcome(state, now) {
  const { preview, examples } = state;
  const own = measured(state);
  if (!own || !now) return null;
  const held = { test: own, pruned: now.alreadyCut, pending: !isMeasured(state), ms: null, refined: false, probabilities: examples?.probabilities ?? null };
  // Nothing more is cut than is cut already: the answer is the network's own, not a preview's.
  if (now.pruned === now.alreadyCut) return held;
  if (!preview) return { ...held, pending: true };
  const { test, pruned, ms, refined } = preview;
  const awaited = state.pending !== null || isScoring(state) || !isPresent(state, preview.revision) || !sameSelection(preview.selection, state.selection);
  return { test, pruned, pending: awaited, ms, refined, probabilities: preview.probabilities ?? held.probabilities };
}

/**
 * How the network itself does, without preview: over all test images where that is known, else over the latest few.
 * @param {State} state
 * @returns {Metrics | null}
 */
export function measured({ points, currentPoint, evaluated }) {
  const point = points.find(({ id }) => id === currentPoint);
  return point && point.test.samples > (evaluated?.test.samples ?? 0) ? point.test : evaluated?.test ?? null;
}

/**
 * Whether that is the accuracy of the network in hand, and not of an earlier one.
 * @param {State} state
 */
export function isMeasured(state) {
  const { pending, currentPoint, evaluated } = state;
  return pending === null && (currentPoint !== null || (evaluated !== null && isPresent(state, evaluated.revision)));
}

/**
 * Whether what is told of a revision is a figure of the network in hand: at rest of it alone, in training also of the last looks at it.
 * @param {State} state
 * @param {number} revision
 */
function isPresent({ activity, revision: now, looks }, revision) {
  return revision >= (activity === 'idle' ? now : looks[0]);
}

/**
 * Whether the last preview answers the present selection on the weights that were looked at last.
 * @param {State} state
 */
export function answers({ preview, selection, scores, looks }) {
  return preview !== null && scores !== null && preview.revision >= Math.max(scores.revision, looks[1])
    && sameSelection(preview.selection, selection);
}

/**
 * Where the accuracy over all test images lies, with 95% confidence, while it is measured on some of them.
 * @param {State} state
 * @param {Outcome | null} now
 * @returns {{low: number, high: number, of: number} | null} null where it is measured on all.
 */
export function uncertainty({ dataset }, now) {
  if (!now || !dataset || now.test.samples >= dataset.test) return null;
  return { ...interval(now.test.accuracy, now.test.samples, dataset.test), of: dataset.test };
}

/**
 * The accuracy that the outcome is compared with, where one was measured on the same images.
 * @param {State} state
 * @param {Outcome} now
 * @returns {number | null}
 */
export function baseline(state, now) {
  const { dense } = state;
  const start = curveIsStale(state) ? undefined : shownCurve(state).points[0];
  if (now.ms !== null && start?.sparsity === 0 && start.samples === now.test.samples) return start.accuracy;
  return dense && dense.samples === now.test.samples ? dense.accuracy : null;
}

/**
 * The curve to be seen: while the network trains the last whole one of it, since another is measured all the time; at rest one is
 * seen to grow.
 * @param {State} state
 * @returns {PastCurve & {remaining: number}}
 */
export function shownCurve(state) {
  const { curve, trail, activity } = state;
  const last = trail.at(-1);
  if (activity === 'idle' || curve.remaining === 0 || !last || kindOf(last.of) !== kindOf(curve.of)) return curve;
  return { ...last, remaining: 0 };
}

/**
 * Whole curves of this network before the one that is seen, the latest last.
 * @param {State} state
 * @returns {PastCurve[]}
 */
export function earlierCurves(state) {
  const { of } = shownCurve(state);
  return state.trail.filter((curve) => curve.of !== of && kindOf(curve.of) === kindOf(of));
}

/**
 * Whether the curve that is seen belongs to another run or method, or at rest to older weights or masks.
 * @param {State} state
 */
export function curveIsStale(state) {
  const { of } = shownCurve(state);
  const now = curveName(state);
  return state.activity === 'idle' ? of !== now : kindOf(of) !== kindOf(now);
}

/**
 * What a curve is of: a run, a method, a state of the weights and masks.
 * @param {Pick<State, 'runId' | 'revision' | 'scores'>} state
 */
export function curveName({ runId, revision, scores }) {
  return `${runId}/${scores ? methodKey(scores.method) : ''}/${revision}`;
}

/**
 * The run and the method of a curve.
 * @param {string} name
 */
function kindOf(name) {
  return name.slice(0, name.lastIndexOf('/'));
}

/**
 * The curve to see the present one against: for a pruned network that of the dense one, and the one that it replaces.
 * @param {State} state
 * @returns {CurvePoint[]}
 */
export function referenceCurve({ curve, denseCurve, held, activity }) {
  if (held > 0) return denseCurve;
  return activity === 'idle' ? curve.before : [];
}

/**
 * The most probable classes of one image, the likeliest first; of equals the first.
 * @param {Float32Array} probabilities
 * @param {number} count
 * @returns {{index: number, probability: number}[]}
 */
export function likeliest(probabilities, count) {
  return Array.from(probabilities, (probability, index) => ({ index, probability })).sort((a, b) => b.probability - a.probability).slice(0, count);
}
