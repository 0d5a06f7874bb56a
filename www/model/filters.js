// Filters and the weights that go with them: a filter's own, and those of the next layer that it feeds.

/** @import {LayerInfo} from '../generated/protocol.d.ts' */

/** @type {WeakMap<Uint32Array, Uint32Array[]>} */
const known = new WeakMap();

/**
 * The rank of each filter of each layer; a linear layer has none. A weight tells the lower of the
 * ranks of the two filters that it belongs to, so that the highest among a filter's weights is its own.
 * Remembered, since each frame asks.
 * @param {Uint32Array} ranks For each weight.
 * @param {LayerInfo[]} layers
 * @returns {Uint32Array[]}
 */
export function filterRanks(ranks, layers) {
  const before = known.get(ranks);
  if (before) return before;
  /** @type {Uint32Array[]} */
  const found = layers.map(({ shape }) => new Uint32Array(shape.length > 2 ? shape[0] : 0));
  eachWeight(layers, (index, layer, filter, input) => {
    const rank = ranks[index];
    if (filter < found[layer].length) found[layer][filter] = Math.max(found[layer][filter], rank);
    const feeding = found[layer - 1];
    if (feeding) feeding[input] = Math.max(feeding[input], rank);
  });
  known.set(ranks, found);
  return found;
}

/**
 * Marks the weights of the marked filters, and those that the filters feed.
 * @param {Uint8Array} gone For each weight; added to.
 * @param {Uint32Array[]} filters The rank of each filter.
 * @param {LayerInfo[]} layers
 * @param {Uint8Array} marked For each rank.
 */
export function markFilters(gone, filters, layers, marked) {
  eachWeight(layers, (index, layer, filter, input) => {
    const own = filters[layer][filter];
    const feeding = (filters[layer - 1] ?? [])[input];
    if (marked[own] === 1 || marked[feeding] === 1) gone[index] = 1;
  });
}

/**
 * How many filters are removed: have no weight left, neither of their own nor one that they feed.
 * @param {Uint8Array} masks For each weight, 1 keeps.
 * @param {LayerInfo[]} layers
 */
export function countRemoved(masks, layers) {
  const left = layers.map(({ shape }) => new Uint8Array(shape.length > 2 ? shape[0] : 0));
  eachWeight(layers, (index, layer, filter, input) => {
    if (masks[index] === 0) return;
    if (filter < left[layer].length) left[layer][filter] = 1;
    const feeding = left[layer - 1];
    if (feeding) feeding[input] = 1;
  });
  return left.reduce((sum, filters) => sum + filters.reduce((gone, one) => gone + 1 - one, 0), 0);
}

/**
 * @param {LayerInfo[]} layers
 * @param {(index: number, layer: number, filter: number, input: number) => void} visit `filter` is the output, `input`
 *   the filter of the layer before whose picture the weight reads.
 */
function eachWeight(layers, visit) {
  let index = 0;
  layers.forEach(({ shape: [outputs, inputs, ...kernel] }, layer) => {
    const size = kernel.reduce((product, side) => product * side, 1);
    const feeding = layers[layer - 1]?.shape[0] ?? inputs;
    // Behind the flattening, each filter's picture is a run of inputs.
    const run = (inputs * size) / feeding;
    for (let output = 0; output < outputs; output += 1) {
      for (let i = 0; i < inputs * size; i += 1) {
        visit(index, layer, output, Math.floor(i / run));
        index += 1;
      }
    }
  });
}
