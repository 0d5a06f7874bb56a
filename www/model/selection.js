// What the sliders ask for, and what becomes of it when the method of cutting changes.

import { cut, layerGroups, layerUnits } from './ranking.js';

/** @import {LayerInfo, Method, Selection} from '../generated/protocol.d.ts' */
/** @import {SavedPoint, Scores, State} from '../state/types.d.ts' */
/** @import {Cut} from './ranking.js' */
/** @import {Settings} from './types.d.ts' */

/** On its way to the core and back, a number of more than 15 digits may change in its last bit; no unit goes by so little. */
const LAST_BIT = 1e-14;

/**
 * @param {Selection} a
 * @param {Selection} b
 */
export function sameSelection(a, b) {
  const [these, those] = [[a.value].flat(), [b.value].flat()];
  return a.by === b.by && these.length === those.length && these.every((value, i) => Math.abs(value - those[i]) <= LAST_BIT * Math.abs(value));
}

/**
 * @param {number} value
 * @returns {Selection}
 */
function fraction(value) {
  return { by: 'fraction', value };
}

/**
 * Of a network that has not been cut: what the settings say.
 * @param {Settings} settings
 * @param {LayerInfo[]} layers
 * @returns {Selection}
 */
export function selectionAtStart({ scope, sparsity }, layers) {
  return scope === 'hand' ? { by: 'layers', value: layers.map((_, i) => sparsity[i] ?? sparsity[0]) } : fraction(sparsity[0]);
}

/**
 * What cuts no more than is cut in a saved state, and says how much that is where it can.
 * @param {Settings} settings
 * @param {SavedPoint} point
 * @param {LayerInfo[]} layers
 * @returns {Selection}
 */
export function selectionOf(settings, point, layers) {
  const ofWeights = settings.granularity === 'weight';
  if (ofWeights && settings.scope === 'hand') {
    return { by: 'layers', value: layers.map(({ weights }, i) => 1 - (point.kept[i] ?? weights) / weights) };
  }
  if (ofWeights && settings.scope === 'global') return fraction(point.sparsity);
  return selectionAtStart({ ...settings, sparsity: [0] }, layers);
}

/**
 * The selection under another method: a share stays one, but for fours, of which half the weights stay: there as much is cut as
 * before.
 * @param {Method} method
 * @param {Pick<State, 'settings' | 'selection' | 'scores' | 'layers'>} state With the scores of the method before.
 * @returns {Selection}
 */
export function selectionUnder(method, { settings, selection, scores, layers }) {
  if (!scores) return selection;
  const byHand = settings.scope === 'hand';
  const [ofFours, wereFours] = [method, scores.method].map(({ granularity }) => granularity === '2:4');
  const alike = ofFours === wereFours;
  if (alike && selection.by === (byHand ? 'layers' : 'fraction')) return selection;
  const before = cut(scores, layers, selection);
  const share = (/** @type {number} */ sparsity) => (ofFours ? Math.min(1, 2 * sparsity) : sparsity);
  if (byHand) {
    return { by: 'layers', value: layers.map(({ weights }, i) => (alike ? shareOfLayer(scores, layers, before, i) : share(1 - before.kept[i] / weights))) };
  }
  if (!alike) return fraction(share(before.sparsity));
  return fraction(before.unitsTotal === 0 ? 0 : before.units / before.unitsTotal);
}

/**
 * The share of a layer's own units that a cut removes.
 * @param {Scores} scores
 * @param {LayerInfo[]} layers
 * @param {Cut} now
 * @param {number} layer
 */
function shareOfLayer(scores, layers, now, layer) {
  if (scores.tables) return shareByTables(scores, layers, now, layer);
  const own = layerUnits(scores, layers)[layer];
  const { unitsGone, units } = now;
  const gone = own.filter((rank) => (unitsGone ? unitsGone[rank] === 1 : rank < units)).length;
  return own.length === 0 ? 0 : gone / own.length;
}

/**
 * The same from what is kept of the layer. How many of its filters that is can't be told from it: as many as there would be if
 * its inputs went as its filters do.
 * @param {Scores} scores
 * @param {LayerInfo[]} layers
 * @param {Cut} now
 * @param {number} layer
 */
function shareByTables(scores, layers, { kept }, layer) {
  const { units, held } = layerGroups(scores, layers)[layer];
  const { weights, reads } = layers[layer];
  if (units === 0) return 0;
  if (scores.method.granularity === 'filter') return 1 - Math.sqrt(kept[layer] / weights) ** (layer === 0 || reads.length === 0 ? 2 : 1);
  const before = cut(scores, layers, { by: 'fraction', value: 0 }).kept[layer];
  return (held + (before - kept[layer]) / (scores.method.granularity === '2:4' ? 2 : 1)) / units;
}

/**
 * The same share everywhere.
 * @param {Selection} selection
 * @param {number} share
 * @returns {Selection}
 */
export function everywhere(selection, share) {
  return selection.by === 'layers' ? { by: 'layers', value: selection.value.map(() => share) } : fraction(share);
}

/**
 * A slider further on: the one there is, or by hand those of all layers or of one.
 * @param {Selection} selection
 * @param {Cut} now
 * @param {number} delta
 * @param {number} [layer]
 * @returns {Selection}
 */
export function nudged(selection, now, delta, layer) {
  // Whole steps, so that 100 presses of 1% end at exactly 100%.
  const moved = (/** @type {number} */ from) => Math.min(1, Math.max(0, Math.round((from + delta) * 1000) / 1000));
  if (selection.by === 'layers') {
    return { by: 'layers', value: selection.value.map((value, i) => (layer === undefined || layer === i ? moved(value) : value)) };
  }
  return fraction(moved(selection.by === 'fraction' ? selection.value : now.units / now.unitsTotal));
}

/**
 * One layer's share set by hand.
 * @param {Selection} selection
 * @param {number} layer
 * @param {number} share
 * @returns {Selection}
 */
export function withLayer(selection, layer, share) {
  return selection.by === 'layers' ? { by: 'layers', value: selection.value.with(layer, share) } : selection;
}
