// How a measured state is taken up among those that one can go back to. Pure.

import { sizeOf } from '../model/checkpoint.js';
import { methodKey } from '../model/method.js';

/** @import {Event, Message, Point} from '../generated/protocol.d.ts' */
/** @import {State} from './types.d.ts' */

/** States kept to go back to, and the bytes that their checkpoints may hold in all: one of 4.3 million weights holds 70 MB. */
const POINT_LIMIT = 64;
const POINT_BYTES = 640 * 1024 * 1024;

/**
 * @param {State} state
 * @param {Message} message
 * @param {Extract<Event, {type: 'point'}>} event
 * @returns {State}
 */
export function point(state, { bulk: { checkpoint } }, { type: _, ...measured }) {
  if (!checkpoint) return remeasured(state, measured);
  const same = state.points.find((other) => other.kind === measured.kind && other.step === measured.step
    && other.sparsity === measured.sparsity && methodKey(other.method) === methodKey(measured.method)
    && String(other.kept) === String(measured.kept) && other.first.loss === measured.test.loss
    && other.first.accuracy === measured.test.accuracy);
  const test = same && same.test.samples > measured.test.samples ? same.test : measured.test;
  const saved = { ...measured, id: same?.id ?? state.nextId, coreId: measured.id, test, first: measured.test, checkpoint };
  return {
    ...state,
    points: same ? state.points.map((other) => (other === same ? saved : other)) : trimmed([...state.points, saved]),
    currentPoint: saved.id,
    dense: measured.kind === 'dense' ? test : state.dense,
    checkpoint: { bytes: checkpoint, step: measured.step },
    held: measured.total - measured.kept.reduce((sum, layer) => sum + layer, 0),
    nextId: state.nextId + 1,
  };
}

/**
 * The same state once more, measured over more images.
 * @param {State} state
 * @param {Point} measured
 * @returns {State}
 */
function remeasured(state, { id, kind, test }) {
  // Ids begin anew with each run, so that the newest state is the one meant.
  const last = state.points.findLast(({ coreId }) => coreId === id);
  if (!last) return state;
  const current = last.id === state.currentPoint;
  return {
    ...state,
    points: state.points.map((other) => (other === last ? { ...last, test } : other)),
    dense: current && kind === 'dense' ? test : state.dense,
  };
}

/**
 * Lets go of the oldest state over the limits, of dense ones first: they are the cheapest to make again. The newest stays.
 * @param {State['points']} points
 */
function trimmed(points) {
  let kept = points;
  while (kept.length > 1 && (kept.length > POINT_LIMIT || bytesIn(kept) > POINT_BYTES)) {
    const oldest = Math.max(0, kept.slice(0, -1).findIndex(({ kind }) => kind === 'dense'));
    kept = kept.filter((_, index) => index !== oldest);
  }
  return kept;
}

/** @param {State['points']} points */
function bytesIn(points) {
  return points.reduce((sum, { checkpoint }) => sum + sizeOf(checkpoint), 0);
}
