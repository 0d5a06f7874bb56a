// What the charts show, as tables: columns by the names that they have in a CSV file, rows unrounded. Pure.

import { csv } from '../model/csv.js';
import { groupRanks } from '../model/filters.js';
import { scopeOf } from '../model/method.js';
import { NEVER } from '../model/ranking.js';
import { referenceCurve, shownCurve } from './derive.js';

/** @import {LayerInfo, Method} from '../generated/protocol.d.ts' */
/** @import {Bins} from '../model/histogram.js' */
/** @import {Cut} from '../model/ranking.js' */
/** @import {CurvePoint, History, Scores, State} from './types.d.ts' */

/**
 * `share` is 0 to 1; `word` is one of the page's own.
 * @typedef {{name: string, what: 'share' | 'count' | 'small' | 'word'}} Column
 */

/** @typedef {{columns: Column[], rows: (string | number | null)[][]}} Sheet */

/** @type {(name: string, what: Column['what']) => Column} */
const column = (name, what) => ({ name, what });

/** @param {Sheet} sheet */
export function sheetCsv({ columns, rows }) {
  return csv([columns.map(({ name }) => name), ...rows]);
}

/**
 * The one-shot curve, the one that it is seen against, and the states among them.
 * @param {State} state
 * @returns {Sheet}
 */
export function curveSheet(state) {
  const { points } = state;
  const line = (/** @type {string} */ of) => (/** @type {CurvePoint} */ { method, sparsity, accuracy, samples }) => [of, ...by(method), sparsity, accuracy, samples];
  return {
    columns: [column('series', 'word'), ...BY, column('sparsity', 'share'), column('accuracy', 'share'), column('samples', 'count')],
    rows: [
      ...shownCurve(state).points.map(line('one-shot')),
      ...referenceCurve(state).map(line('reference')),
      ...points.map(({ kind, method, sparsity, test }) => [kind, ...by(method), sparsity, test.accuracy, test.samples]),
    ],
  };
}

/** By what was cut. */
const BY = [column('criterion', 'word'), column('granularity', 'word'), column('scope', 'word')];

/**
 * @param {Method} [method]
 * @returns {(string | null)[]}
 */
function by(method) {
  return method ? [method.criterion, method.granularity, scopeOf(method)] : [null, null, null];
}

/**
 * @param {State} state
 * @returns {Sheet}
 */
export function statesSheet({ points, layers }) {
  return {
    columns: [
      column('kind', 'word'), ...BY, column('step', 'count'), column('sparsity', 'share'), column('accuracy', 'share'), column('loss', 'small'),
      column('samples', 'count'), ...layers.map(({ name }) => column(`kept_${name}`, 'count')),
    ],
    rows: points.map(({ kind, method, step, sparsity, test, kept }) => [
      kind, ...by(method), step, sparsity, test.accuracy, test.loss, test.samples, ...layers.map((_, i) => kept[i] ?? null),
    ]),
  };
}

/**
 * @param {History} history
 * @returns {Sheet}
 */
export function historySheet({ step, loss, accuracy }) {
  return {
    columns: [column('step', 'count'), column('loss', 'small'), column('accuracy', 'share')],
    rows: step.map((at, i) => [at, loss[i], accuracy[i]]),
  };
}

/**
 * @param {Bins} bins
 * @param {number[]} removed Units that go, in each bin.
 * @returns {Sheet}
 */
export function histogramSheet({ low, high, counts }, removed) {
  const edge = (/** @type {number} */ i) => low + ((high - low) * i) / counts.length;
  return {
    columns: [column('score_from', 'small'), column('score_to', 'small'), column('removed', 'count'), column('kept', 'count')],
    rows: counts.map((count, i) => [edge(i), edge(i + 1), removed[i], count - removed[i]]),
  };
}

/**
 * Every filter of the convolutions and every output of the linear layer.
 * @param {Scores} scores
 * @param {LayerInfo[]} layers
 * @param {Cut} cut
 * @returns {Sheet}
 */
export function filterSheet(scores, layers, cut) {
  let offset = 0;
  // A large network's weights are not here.
  const rows = scores.tables ? [] : layers.flatMap(({ name, weights, shape }, layer) => {
    const size = weights / shape[0];
    const own = Array.from({ length: shape[0] }, (_, filter) => filterRow(scores, layers, cut, { name, layer, filter, first: offset + filter * size, size }));
    offset += weights;
    return own;
  });
  return {
    columns: [
      column('layer', 'word'), column('filter', 'count'), column('weights', 'count'), column('kept', 'count'),
      column('mean_weight', 'small'), column('smallest', 'small'), column('largest', 'small'), column('score', 'small'),
    ],
    rows,
  };
}

/**
 * @param {Scores} scores
 * @param {LayerInfo[]} layers
 * @param {Cut} cut
 * @param {{name: string, layer: number, filter: number, first: number, size: number}} place
 * @returns {Sheet['rows'][number]}
 */
function filterRow(scores, layers, cut, { name, layer, filter, first, size }) {
  const values = scores.weights.subarray(first, first + size);
  const gone = cut.gone.subarray(first, first + size).reduce((sum, flag) => sum + flag, 0);
  return [
    name, filter + 1, size, size - gone,
    values.reduce((sum, value) => sum + value, 0) / size,
    values.reduce((least, value) => Math.min(least, value), Infinity),
    values.reduce((most, value) => Math.max(most, value), -Infinity),
    scoreOf(scores, layers, { layer, filter, first, size }),
  ];
}

/**
 * A filter's own score, or the mean of those of its units; null where it has none.
 * @param {Scores} scores
 * @param {LayerInfo[]} layers
 * @param {{layer: number, filter: number, first: number, size: number}} place
 */
function scoreOf({ ranks, sorted, masks, method }, layers, { layer, filter, first, size }) {
  if (method.granularity === 'filter') {
    const rank = groupRanks(ranks, layers)[layers[layer].own[filter]] ?? NEVER;
    return rank === NEVER ? null : sorted[rank];
  }
  let [sum, count] = [0, 0];
  for (let i = first; i < first + size; i += 1) {
    if (masks[i] === 1 && ranks[i] !== NEVER) {
      sum += sorted[ranks[i]];
      count += 1;
    }
  }
  return count === 0 ? null : sum / count;
}
