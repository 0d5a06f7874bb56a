// A cut of a large network, answered from tables: what is kept of each layer at some places of the order of cutting, and even
// changes between them. At those places it is what the core comes to; where weights or fours go one by one the sums are exact
// everywhere. See ranking.js, whose answers these are.

import { groupsByLayer } from './filters.js';
import { clamp01, lowerBound, roundHalfEven, sum } from './numbers.js';

/** @import {LayerInfo, RankedGroup, Selection} from '../generated/protocol.d.ts' */
/** @import {Cut, Ranking} from './ranking.js' */

/**
 * @typedef {object} Tables
 * @property {Uint32Array} knots Units cut, ascending, from those held to all; `sorted` has the threshold at each of them.
 * @property {Uint32Array} kept Weights kept of each layer at each knot, layer after layer.
 * @property {RankedGroup[]} layers Units of each layer.
 * @property {number} removed Channel groups that the masks held remove.
 * @property {number[]} cutSteps Steps at which weights were cut; of more than two, the first and the last.
 */

/** @type {Uint8Array} In place of an answer a weight. */
const NONE = new Uint8Array(0);

/**
 * @param {Ranking & {tables: Tables}} ranking
 * @param {LayerInfo[]} layers
 * @param {Selection} selection
 * @returns {Cut}
 */
export function cutByTables(ranking, layers, selection) {
  const { tables, sorted, groups, method } = ranking;
  const { knots } = tables;
  const total = sum(layers.map(({ weights }) => weights));
  const [unitsHeld, unitsTotal] = [knots[0], knots[knots.length - 1]];
  const held = layers.map((_, layer) => keptIn(tables, layer, unitsHeld));
  const common = { gone: NONE, total, alreadyCut: total - sum(held), unitsHeld, unitsTotal, unitsGone: null };
  if (selection.by === 'layers') {
    const { kept, unitsIn, units } = byHand(ranking, layers, selection.value);
    return { ...common, ...counted(kept, total), units, unitsIn, threshold: null, everything: units >= unitsTotal };
  }
  const units = selection.by === 'threshold' ? unitsBelow(tables, sorted, Math.fround(selection.value)) : share(groups, selection.value);
  const kept = evenly(layers.map((_, layer) => keptIn(tables, layer, units)));
  const alone = method.scope === 'global';
  const threshold = selection.by === 'threshold' ? Math.fround(selection.value) : thresholdAt(tables, sorted, units);
  return { ...common, ...counted(kept, total), units, unitsIn: null, threshold: alone ? threshold : null, everything: units >= unitsTotal };
}

/**
 * @param {number[]} kept
 * @param {number} total
 */
function counted(kept, total) {
  const pruned = total - sum(kept);
  return { kept, pruned, sparsity: total === 0 ? 0 : pruned / total };
}

/**
 * @param {RankedGroup[]} groups
 * @param {number} fraction
 */
function share(groups, fraction) {
  return sum(groups.map(({ units, held }) => Math.max(held, roundHalfEven(clamp01(fraction) * units))));
}

/**
 * Where `units` lie among the knots: after knot `i`, and how far on to the next, 0 to 1.
 * @param {Uint32Array} knots
 * @param {number} units
 * @returns {[number, number]}
 */
function placeOf(knots, units) {
  const next = lowerBound(knots, units + 1);
  const i = Math.max(0, next - 1);
  return i + 1 < knots.length ? [i, Math.max(0, units - knots[i]) / (knots[i + 1] - knots[i])] : [i, 0];
}

/**
 * Weights kept of a layer when so many units go, not rounded between knots.
 * @param {Tables} tables
 * @param {number} layer
 * @param {number} units
 */
function keptIn({ knots, kept }, layer, units) {
  const [i, rest] = placeOf(knots, units);
  const at = layer * knots.length + i;
  return rest === 0 ? kept[at] : kept[at] + (kept[at + 1] - kept[at]) * rest;
}

/**
 * Whole numbers whose sums from the first on are those of the given ones, rounded.
 * @param {number[]} numbers
 */
function evenly(numbers) {
  let [exact, told] = [0, 0];
  return numbers.map((number) => {
    exact += number;
    // What is left of a whole number by adding up is none.
    const now = Math.round(exact + 1e-6) - told;
    told += now;
    return now;
  });
}

/**
 * @param {Tables} tables
 * @param {Float32Array} sorted
 * @param {number} units
 */
export function thresholdAt({ knots }, sorted, units) {
  const [i, rest] = placeOf(knots, units);
  return rest === 0 ? sorted[i] : Math.fround(sorted[i] + (sorted[i + 1] - sorted[i]) * rest);
}

/**
 * How many units have a score below `limit`, where all layers are ranked together.
 * @param {Tables} tables
 * @param {Float32Array} sorted
 * @param {number} limit
 */
export function unitsBelow({ knots }, sorted, limit) {
  const i = lowerBound(sorted, limit);
  if (i === 0) return knots[0];
  if (i === sorted.length) return knots[knots.length - 1];
  // Scores at the knots may tie: the first of them ends the search.
  const rest = (limit - sorted[i - 1]) / (sorted[i] - sorted[i - 1]);
  return Math.round(knots[i - 1] + (knots[i] - knots[i - 1]) * rest);
}

/**
 * Each layer by its own fraction. Filters that go by hand take weights of other layers with them; how many of them meet is not in
 * the tables, so that each layer keeps the share that its filters and its inputs leave on average.
 * @param {Ranking & {tables: Tables}} ranking
 * @param {LayerInfo[]} layers
 * @param {number[]} fractions
 */
function byHand({ tables, method }, layers, fractions) {
  const going = tables.layers.map(({ units, held }, layer) => Math.max(held, roundHalfEven(clamp01(fractions[layer] ?? 0) * units)));
  const held = layers.map((_, layer) => keptIn(tables, layer, tables.knots[0]));
  const kept = method.granularity === 'filter' ? keptByFilters(tables, layers, going, held) : going.map((units, layer) => (
    held[layer] - (units - tables.layers[layer].held) * (method.granularity === '2:4' ? 2 : 1)));
  const unitsIn = kept.map((weights, layer) => unitsFor(tables, layer, weights));
  return { kept, unitsIn, units: sum(going) };
}

/**
 * @param {Tables} tables
 * @param {LayerInfo[]} layers
 * @param {number[]} going
 * @param {number[]} held
 */
function keptByFilters(tables, layers, going, held) {
  const left = new Map(groupsByLayer(layers).flatMap((groups, layer) => {
    const { units, held: before } = tables.layers[layer];
    const stays = units > before ? (units - going[layer]) / (units - before) : 1;
    return groups.map((group) => /** @type {const} */ ([group, stays]));
  }));
  const mean = (/** @type {number[]} */ groups) => (groups.length === 0 ? 1 : sum(groups.map((group) => left.get(group) ?? 1)) / groups.length);
  return layers.map(({ own, reads }, layer) => Math.round(held[layer] * mean(own) * mean(reads)));
}

/**
 * So many units of the whole order leave a layer so many weights: how deep it is cut, on the scale of the ranks.
 * @param {Tables} tables
 * @param {number} layer
 * @param {number} weights
 */
function unitsFor({ knots, kept }, layer, weights) {
  const own = kept.subarray(layer * knots.length, (layer + 1) * knots.length);
  let [low, high] = [0, own.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (own[middle] > weights) low = middle + 1;
    else high = middle;
  }
  if (low === 0 || own[low] === weights) return knots[low];
  const rest = (own[low - 1] - weights) / (own[low - 1] - own[low]);
  return Math.round(knots[low - 1] + (knots[low] - knots[low - 1]) * Math.min(1, rest));
}
