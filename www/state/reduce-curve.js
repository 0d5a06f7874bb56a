// How a point of the one-shot curve is taken up. Pure.

import { curveName } from './derive.js';

/** @import {Event, Message} from '../generated/protocol.d.ts' */
/** @import {Curve, State} from './types.d.ts' */

/** @type {Curve} */
export const NO_CURVE = Object.freeze({ of: '', step: 0, points: [], remaining: 0, before: [] });

/** Whole curves that are remembered. */
const TRAIL = 6;

/**
 * @param {State} state
 * @param {Message} message
 * @param {Extract<Event, {type: 'curve'}>} event
 * @returns {State}
 */
export function curve(state, { runId, revision }, { step, sparsity, test, remaining }) {
  const of = curveName({ runId, revision, scores: state.scores });
  const { curve: last } = state;
  const fresh = last.of !== of;
  const lastWasWhole = last.remaining === 0 || last.before.length === 0;
  const before = fresh && lastWasWhole ? last.points : last.before;
  const point = { sparsity, accuracy: test.accuracy, samples: test.samples, method: state.scores?.method };
  // Fractions below what is already cut all come to the same sparsity.
  const others = fresh ? [] : last.points.filter((other) => other.sparsity !== sparsity);
  const points = [...others, point].sort((a, b) => a.sparsity - b.sparsity);
  if (remaining > 0) return { ...state, curve: { of, step, points, remaining, before } };
  return {
    ...state,
    curve: { of, step, points, remaining, before: [] },
    trail: [...state.trail.filter((other) => other.of !== of), { of, step, points }].slice(-TRAIL),
    // Of a network that is cut it would begin at what that has lost.
    denseCurve: points[0].sparsity === 0 ? points : state.denseCurve,
  };
}

/**
 * What a curve that is whole is made of.
 * @param {State} state
 * @param {Message} message
 * @param {Extract<Event, {type: 'answers'}>} event
 * @returns {State}
 */
export function answers(state, { runId, revision, bulk }, { step, sparsities, labels, breaking, fragile }) {
  const of = curveName({ runId, revision, scores: state.scores });
  return { ...state, forgotten: { of, step, sparsities, labels, breaking, fragile, answers: bulk.answers, images: bulk.images } };
}
