// What an embedding page is told of the state when it asks: plain, frozen, no larger than it needs to be.

import { toHash } from '../model/settings.js';
import { OWN_PAGE } from '../place.js';
import { isScoring, outcome } from '../state/derive.js';

/** @import {Metrics} from '../generated/protocol.d.ts' */
/** @import {Cut} from '../model/ranking.js' */
/** @import {Snapshot} from '../pruning-playground.d.ts' */
/** @import {SavedPoint, State} from '../state/types.d.ts' */

/**
 * @param {State} state
 * @param {Cut | null} cut What the slider removes.
 * @returns {Snapshot}
 */
export function snapshot(state, cut) {
  const { backend, phase, activity, training, dense, recipe, points, currentPoint, settings, dataset } = state;
  const now = outcome(state, cut);
  const layers = layersOf(state, cut);
  return frozen({
    settings: { ...settings, widths: [...settings.widths] },
    url: new URL(toHash(settings), OWN_PAGE).href,
    phase, activity,
    backend: backend && { name: backend.backend, requested: backend.requested, reason: backend.reason, device: backend.device.name },
    dataset: dataset && { id: dataset.id, classes: [...dataset.classes], train: dataset.train, test: dataset.test },
    step: training.step, epoch: training.epoch, loss: training.loss,
    accuracy: now && { ...accuracyOf(now.test), pending: now.pending },
    denseAccuracy: dense && accuracyOf(dense),
    sparsity: cut && { requested: state.selection.by === 'fraction' ? state.selection.value : null, actual: cut.sparsity, held: cut.total === 0 ? 0 : state.held / cut.total },
    threshold: cut?.threshold ?? null,
    ranking: isScoring(state),
    layers,
    weights: { kept: sum(layers.map(({ weights }) => weights.kept)), total: sum(layers.map(({ weights }) => weights.total)) },
    macs: { kept: sum(layers.map(({ macs }) => macs.kept)), total: sum(layers.map(({ macs }) => macs.total)) },
    recipe: recipe && { ...recipe },
    points: points.map(pointOf),
    currentPoint,
  });
}

/**
 * Each weight of a layer is used equally often, so that its multiply-accumulates go in proportion.
 * @param {State} state
 * @param {Cut | null} cut
 */
function layersOf({ layers }, cut) {
  return layers.map(({ name, weights, macs }, i) => {
    const kept = cut?.kept[i] ?? weights;
    return { name, weights: { kept, total: weights }, macs: { kept: (macs / weights) * kept, total: macs } };
  });
}

/** @param {SavedPoint} point */
function pointOf({ id, kind, step, sparsity, threshold, method, kept, total, test }) {
  return { id, kind, step, sparsity, threshold, method: { ...method }, kept: [...kept], total, loss: test.loss, accuracy: accuracyOf(test) };
}

/** @param {Metrics} test */
function accuracyOf({ accuracy, samples }) {
  return { value: accuracy, samples };
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/**
 * @template T
 * @param {T} value
 * @returns {T}
 */
function frozen(value) {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
