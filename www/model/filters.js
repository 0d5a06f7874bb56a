// Channel groups and the weights that go with them: their filters', and those that read their channels. Which filters and inputs
// belong to which group is the core's to say (`own` and `reads` of a layer).

/** @import {LayerInfo} from '../generated/protocol.d.ts' */
/** @import {Scores} from '../state/types.d.ts' */

/** @type {WeakMap<Uint32Array, Uint32Array>} */
const known = new WeakMap();

/**
 * The rank of each channel group. A weight tells the lower of the ranks of the two groups that it belongs to, so that the
 * highest among a group's weights is its own. Remembered, since each frame asks.
 * @param {Uint32Array} ranks For each weight.
 * @param {LayerInfo[]} layers
 * @returns {Uint32Array}
 */
export function groupRanks(ranks, layers) {
  const before = known.get(ranks);
  if (before) return before;
  const found = new Uint32Array(countGroups(layers));
  eachWeight(layers, (index, own, read) => {
    const rank = ranks[index];
    if (own < found.length) found[own] = Math.max(found[own], rank);
    if (read < found.length) found[read] = Math.max(found[read], rank);
  });
  known.set(ranks, found);
  return found;
}

/**
 * The groups that each layer has: those of filters that are tied to an earlier layer's are that layer's.
 * @param {LayerInfo[]} layers
 * @returns {number[][]}
 */
export function groupsByLayer(layers) {
  const count = countGroups(layers);
  const layerOf = new Int32Array(count).fill(-1);
  const found = layers.map(() => /** @type {number[]} */ ([]));
  layers.forEach(({ own }, layer) => {
    const groups = own.filter((group) => group < count);
    const tied = groups.find((group) => layerOf[group] >= 0);
    const first = tied === undefined ? layer : layerOf[tied];
    for (const group of groups) {
      if (layerOf[group] >= 0) continue;
      layerOf[group] = first;
      found[first].push(group);
    }
  });
  return found;
}

/**
 * Marks the weights of the marked groups.
 * @param {Uint8Array} gone For each weight; added to.
 * @param {Uint32Array} groups The rank of each group.
 * @param {LayerInfo[]} layers
 * @param {Uint8Array} marked For each rank.
 */
export function markGroups(gone, groups, layers, marked) {
  eachWeight(layers, (index, own, read) => {
    if (marked[groups[own]] === 1 || marked[groups[read]] === 1) gone[index] = 1;
  });
}

/**
 * How many groups are removed: have no weight left, neither of their filters nor one that reads their channels.
 * @param {Uint8Array} masks For each weight, 1 keeps.
 * @param {LayerInfo[]} layers
 */
export function countRemoved(masks, layers) {
  const left = new Uint8Array(countGroups(layers));
  eachWeight(layers, (index, own, read) => {
    if (masks[index] === 0) return;
    if (own < left.length) left[own] = 1;
    if (read < left.length) left[read] = 1;
  });
  return left.reduce((gone, one) => gone + 1 - one, 0);
}

/**
 * The same of a network that was scored.
 * @param {Pick<Scores, 'masks' | 'tables'>} scores
 * @param {LayerInfo[]} layers
 */
export function removedBy({ masks, tables }, layers) {
  return tables ? tables.removed : countRemoved(masks, layers);
}

/** In place of a group, where there is none. */
const NONE = 0xFFFFFFFF;

/** @param {LayerInfo[]} layers */
function countGroups(layers) {
  let most = -1;
  for (const { own } of layers) for (const group of own) if (group !== NONE) most = Math.max(most, group);
  return most + 1;
}

/**
 * @param {LayerInfo[]} layers
 * @param {(index: number, own: number, read: number) => void} visit `own` is the group of the weight's filter, `read` that of
 *   the channel it reads.
 */
function eachWeight(layers, visit) {
  let index = 0;
  for (const { own, reads, weights } of layers) {
    const row = own.length === 0 ? 0 : weights / own.length;
    const run = row / Math.max(reads.length, 1);
    for (const group of own) {
      for (let i = 0; i < row; i += 1) {
        visit(index, group, reads.length === 0 ? group : reads[Math.floor(i / run)]);
        index += 1;
      }
    }
  }
}
