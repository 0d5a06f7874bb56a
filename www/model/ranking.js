// What a cut removes, answered on the page from the order of cutting, so that the sliders follow
// every frame without asking the worker. The rules are those of the core: of each group of units a
// fraction removes round(p*n), halves to even; a threshold removes all with s < t; what was removed
// before stays removed. A unit is a weight, a filter, or two of four neighbours (2:4).

import { groupRanks, groupsByLayer, markGroups } from './filters.js';
import { clamp01, lowerBound, roundHalfEven, sum } from './numbers.js';
import { cutByTables } from './tables.js';

export { lowerBound, roundHalfEven };

/** @import {LayerInfo, RankedGroup, Selection} from '../generated/protocol.d.ts' */
/** @import {Scores} from '../state/types.d.ts' */

/** The rank of what is never cut. */
export const NEVER = 0xFFFFFFFF;

/**
 * What of the core's scores a cut follows from.
 * @typedef {Pick<Scores, 'ranks' | 'sorted' | 'masks' | 'method' | 'groups'> & Partial<Pick<Scores, 'tables'>>} Ranking With
 *   tables, the other arrays are empty.
 */

/**
 * What a selection removes.
 * @typedef {object} Cut
 * @property {Uint8Array} gone For each weight whether it is removed; empty where that is not known, as of a large network.
 * @property {number[]} kept Weights kept, layer by layer.
 * @property {number} pruned Weights removed.
 * @property {number} total Prunable weights.
 * @property {number} sparsity pruned / total, counted from the weights.
 * @property {number} alreadyCut Weights that are removed for good.
 * @property {number} units Units removed.
 * @property {number} unitsTotal Units that may be removed.
 * @property {number} unitsHeld Units that are removed for good.
 * @property {Uint8Array | null} unitsGone For each unit in the order of cutting whether it is removed; null where the
 *   first `units` are, or it is not known.
 * @property {number[] | null} unitsIn By hand, of a large network: how deep each layer is cut, as so many units of the whole order.
 * @property {number | null} threshold The smallest score kept, or the least float32 above the largest; null where
 *   no single threshold separates kept from removed.
 * @property {boolean} everything Whether no unit is kept.
 */

/**
 * The least float32 above a finite `x`.
 * @param {number} x
 */
export function nextUp(x) {
  const float = new Float32Array([x]);
  const bits = new Int32Array(float.buffer);
  if (float[0] === 0) bits[0] = 1;
  else bits[0] += float[0] > 0 ? 1 : -1;
  return float[0];
}

/**
 * Whether layers are ranked together, so that one threshold separates what goes from what stays.
 * @param {Ranking} ranking
 */
export function hasThreshold({ method }) {
  return method.scope === 'global';
}

/**
 * @param {Ranking} ranking
 * @param {LayerInfo[]} layers
 * @param {Selection} selection
 * @returns {Cut}
 */
export function cut(ranking, layers, selection) {
  const { sorted, masks, groups, tables } = ranking;
  if (tables) return cutByTables({ ...ranking, tables }, layers, selection);
  const unitsHeld = sum(groups.map(({ held }) => held));
  const marked = selection.by === 'layers' ? unitsByLayer(ranking, layers, selection.value, unitsHeld) : null;
  const units = selection.by === 'layers' ? sum(marked ?? []) : count(ranking, selection, unitsHeld);
  const gone = marked ? weightsOf(ranking, layers, marked) : prefix(ranking, units);
  const kept = keptByLayer(gone, layers);
  const total = gone.length;
  const pruned = total - sum(kept);
  return {
    gone, kept, pruned, total, sparsity: total === 0 ? 0 : pruned / total, alreadyCut: total - sum(masks),
    units, unitsTotal: sorted.length, unitsHeld, unitsGone: marked, unitsIn: null,
    threshold: marked || !hasThreshold(ranking) ? null : threshold(ranking, selection, units),
    everything: units >= sorted.length,
  };
}

/**
 * How many units of the order go.
 * @param {Ranking} ranking
 * @param {Exclude<Selection, {by: 'layers'}>} selection
 * @param {number} held
 */
function count({ sorted, groups }, selection, held) {
  if (selection.by === 'threshold') return held + lowerBound(sorted.subarray(held), Math.fround(selection.value));
  const share = clamp01(selection.value);
  return sum(groups.map((group) => Math.max(group.held, roundHalfEven(share * group.units))));
}

/**
 * @param {Ranking} ranking
 * @param {Selection} selection
 * @param {number} units
 */
function threshold({ sorted }, selection, units) {
  if (selection.by === 'threshold') return Math.fround(selection.value);
  return units < sorted.length ? sorted[units] : nextUp(sorted[sorted.length - 1] ?? 0);
}

/**
 * @param {Ranking} ranking
 * @param {number} units
 */
function prefix({ ranks, masks }, units) {
  const gone = new Uint8Array(ranks.length);
  for (let i = 0; i < gone.length; i += 1) gone[i] = masks[i] === 0 || ranks[i] < units ? 1 : 0;
  return gone;
}

/**
 * The units that go where each layer has its own fraction, its lowest scores first.
 * @param {Ranking} ranking
 * @param {LayerInfo[]} layers
 * @param {number[]} fractions
 * @param {number} held
 */
function unitsByLayer(ranking, layers, fractions, held) {
  const marked = new Uint8Array(ranking.sorted.length);
  layerUnits(ranking, layers).forEach((own, layer) => {
    const wanted = roundHalfEven(clamp01(fractions[layer] ?? 0) * own.length);
    const going = Math.max(wanted, lowerBound(own, held));
    for (let i = 0; i < going; i += 1) marked[own[i]] = 1;
  });
  return marked;
}

/**
 * Units of each layer that may be cut, and how many of them are removed for good.
 * @param {Pick<Ranking, 'ranks' | 'method' | 'groups' | 'tables'>} ranking
 * @param {LayerInfo[]} layers
 * @returns {RankedGroup[]}
 */
export function layerGroups(ranking, layers) {
  if (ranking.tables) return ranking.tables.layers;
  const held = sum(ranking.groups.map((group) => group.held));
  return layerUnits(ranking, layers).map((own) => ({ units: own.length, held: lowerBound(own, held) }));
}

/** @type {WeakMap<Uint32Array, Uint32Array[]>} */
const unitsOfRanks = new WeakMap();

/**
 * The ranks of each layer's own units that may be cut, ascending; not known of a large network, see `layerGroups`. Remembered,
 * since each frame asks.
 * @param {Pick<Ranking, 'ranks' | 'method'>} ranking
 * @param {LayerInfo[]} layers
 */
export function layerUnits(ranking, layers) {
  const { ranks, method } = ranking;
  const known = unitsOfRanks.get(ranks);
  if (known) return known;
  const groups = method.granularity === 'filter' ? groupsByLayer(layers) : null;
  const ranksOf = groups && groupRanks(ranks, layers);
  let offset = 0;
  const units = layers.map(({ weights }, layer) => {
    const own = ranksOf ? Uint32Array.from(groups?.[layer] ?? [], (group) => ranksOf[group]) : ranks.subarray(offset, offset + weights);
    offset += weights;
    const cuttable = own.filter((rank) => rank !== NEVER).sort();
    // The two weights of a four that go have one rank.
    return method.granularity === '2:4' ? cuttable.filter((rank, i) => rank !== cuttable[i - 1]) : cuttable;
  });
  unitsOfRanks.set(ranks, units);
  return units;
}

/**
 * @param {Ranking} ranking
 * @param {LayerInfo[]} layers
 * @param {Uint8Array} marked
 */
function weightsOf(ranking, layers, marked) {
  const { ranks, masks, method } = ranking;
  const gone = new Uint8Array(ranks.length);
  for (let i = 0; i < gone.length; i += 1) {
    const rank = ranks[i];
    gone[i] = masks[i] === 0 || (rank < marked.length && marked[rank] === 1) ? 1 : 0;
  }
  // A weight's rank is that of the first of its two filters to go; by hand, the other may go alone.
  if (method.granularity === 'filter') markGroups(gone, groupRanks(ranks, layers), layers, marked);
  return gone;
}

/**
 * Weights kept in each layer.
 * @param {Uint8Array} gone
 * @param {LayerInfo[]} layers
 * @returns {number[]}
 */
function keptByLayer(gone, layers) {
  let offset = 0;
  return layers.map(({ weights }) => {
    const kept = weights - sum(gone.subarray(offset, offset + weights));
    offset += weights;
    return kept;
  });
}
