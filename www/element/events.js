// The element's DOM events, as they follow from two states of the page. Pure.

import { measured } from '../state/derive.js';

/** @import {ElementEvent, ErrorDetail, MetricsDetail} from '../pruning-playground.d.ts' */
/** @import {Notice, State} from '../state/types.d.ts' */

/** Notices that tell of a failure, with its code; those of the core begin with `error-`. */
const FAILURES = new Map([
  ['worker-died', 'worker-died'], ['device-lost', 'worker-died'], ['download-failed', 'download-failed'], ['setting-rejected', 'setting-rejected'],
]);

/**
 * Whether there is a network, ranked and measured, that can be trained and cut.
 * @param {State} state
 */
export function isReady({ phase, config, scores, evaluated, pending }) {
  return phase === 'ready' && config !== null && scores !== null && evaluated !== null && pending === null;
}

/**
 * What to tell of, in the order in which it happened. `ready` is told whenever the page becomes so.
 * @param {State} before
 * @param {State} after
 * @returns {ElementEvent[]}
 */
export function eventsBetween(before, after) {
  /** @type {ElementEvent[]} */
  const events = [];
  if (isReady(after) && !isReady(before)) events.push({ type: 'ready', detail: readyDetail(after) });
  const moved = after.training.step !== before.training.step || after.training.loss !== before.training.loss;
  if (after.config && (moved || after.evaluated !== before.evaluated)) events.push({ type: 'metrics', detail: metricsDetail(after) });
  const known = new Set(before.points.map(({ id }) => id));
  for (const { id, kind, step, sparsity, threshold, kept, total, test } of after.points) {
    if (kind !== 'pruned' || known.has(id)) continue;
    const { accuracy, samples } = test;
    events.push({ type: 'pruned', detail: { step, sparsity, threshold, kept: kept.reduce((sum, layer) => sum + layer, 0), total, accuracy, samples } });
  }
  return [...events, ...errorsBetween(before, after).map((detail) => (/** @type {ElementEvent} */ ({ type: 'error', detail })))];
}

/**
 * The failures that the page has told of in between.
 * @param {Pick<State, 'nextId' | 'trouble'>} before
 * @param {State} after
 * @returns {ErrorDetail[]}
 */
export function errorsBetween(before, after) {
  const told = after.notices.filter(({ id }) => id >= before.nextId).flatMap((notice) => failure(notice) ?? []);
  const { trouble } = after;
  return trouble && trouble !== before.trouble ? [...told, { code: trouble.kind, message: trouble.values.message ?? trouble.values.missing ?? '' }] : told;
}

/**
 * @param {Notice} notice
 * @returns {ErrorDetail | null}
 */
function failure({ key, values }) {
  const code = key.startsWith('error-') ? key.slice('error-'.length) : FAILURES.get(key);
  if (code === undefined) return null;
  return { code, message: values.message ?? values.settings ?? '' };
}

/** @param {State} state */
function readyDetail({ backend, settings }) {
  return { backend: backend?.backend ?? 'cpu', dataset: settings.dataset };
}

/**
 * @param {State} state
 * @returns {MetricsDetail}
 */
function metricsDetail(state) {
  const { training: { step, epoch, loss }, activity, held, layers } = state;
  const test = measured(state);
  return {
    activity, step, epoch, loss,
    accuracy: test?.accuracy ?? null,
    samples: test?.samples ?? null,
    sparsity: held === 0 ? 0 : held / layers.reduce((sum, { weights }) => sum + weights, 0),
  };
}
