// The network that another one learns from: the dense one that it was cut from, or a wider one before it.

import { sameNetwork } from '../model/presets.js';

/** @import {RunConfig} from '../generated/protocol.d.ts' */
/** @import {SavedPoint, State, Teacher} from './types.d.ts' */

/**
 * Who teaches. A cut network learns from its own dense state, where there is one; an uncut one, and so one trained
 * from scratch, from the network of other widths before it.
 * @param {Pick<State, 'points' | 'teacher' | 'held' | 'config'>} state
 * @returns {Teacher | null} null where nobody can.
 */
export function teacherOf({ points, teacher, held, config }) {
  const own = config && trainedLongest(points, config);
  return held > 0 ? own ?? teacher : teacher ?? own;
}

/**
 * Whether `teacher` is the network before, and not a dense state of this one.
 * @param {Teacher | null} teacher
 * @param {Pick<State, 'teacher'>} state
 */
export function isEarlierNetwork(teacher, state) {
  return teacher !== null && teacher === state.teacher;
}

/**
 * The teacher that a run of `now` finds: where only the network is another, the best dense state so far.
 * @param {State} state Before the run.
 * @param {RunConfig} now
 * @returns {Teacher | null}
 */
export function teacherFor({ config, points, teacher }, now) {
  if (!config || !sameData(config, now)) return null;
  if (sameNetwork(config, now)) return teacher;
  const best = bestDense(points, config);
  return best && best.accuracy >= (teacher?.accuracy ?? 0) ? best : teacher;
}

/**
 * Whether two configurations train and test on the same images.
 * @param {RunConfig} a
 * @param {RunConfig} b
 */
export function sameData(a, b) {
  return a.dataset === b.dataset && a.noise === b.noise && a.trainLimit === b.trainLimit;
}

/**
 * @param {readonly SavedPoint[]} points All of the network of `config`.
 * @param {RunConfig} config
 */
function trainedLongest(points, config) {
  return latestOfMost(points, config, ({ step }) => step);
}

/**
 * @param {readonly SavedPoint[]} points All of the network of `config`.
 * @param {RunConfig} config
 */
function bestDense(points, config) {
  return latestOfMost(points, config, ({ test }) => test.accuracy);
}

/**
 * The trained dense state with the most of something, of several the latest.
 * @param {readonly SavedPoint[]} points
 * @param {RunConfig} config
 * @param {(point: SavedPoint) => number} measure
 * @returns {Teacher | null}
 */
function latestOfMost(points, { network, widths }, measure) {
  const trained = points.filter(({ kind, step }) => kind === 'dense' && step > 0);
  if (trained.length === 0) return null;
  const { checkpoint, step, test } = trained.reduce((best, point) => (measure(point) >= measure(best) ? point : best));
  return { checkpoint, network, widths, step, accuracy: test.accuracy };
}
