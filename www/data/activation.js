// What a filter sees in one image: its activation after ReLU and before pooling, computed on the page as the core does. Pure.

/** @import {DatasetInfo, LayerInfo} from '../generated/protocol.d.ts' */
/** @import {Scores} from '../state/types.d.ts' */

/** Channels of one picture, each of `height` rows of `width`. @typedef {{planes: Float32Array[], height: number, width: number}} Maps */

/** Weights and biases of all layers, and which weights a cut removes.
 * @typedef {{layers: LayerInfo[], weights: Float32Array, biases: Float32Array, gone: Uint8Array}} Network */

/**
 * One image as the network is fed it.
 * @param {Uint8Array} images
 * @param {number} index
 * @param {Pick<DatasetInfo, 'channels' | 'height' | 'width' | 'mean' | 'std'>} dataset
 * @returns {Maps}
 */
export function normalised(images, index, { channels, height, width, mean, std }) {
  const size = height * width;
  const planes = Array.from({ length: channels }, (_, channel) => {
    const from = (index * channels + channel) * size;
    return Float32Array.from(images.subarray(from, from + size), (value) => (value / 255 - mean[channel]) / std[channel]);
  });
  return { planes, height, width };
}

/**
 * One filter's map.
 * @param {Network} network
 * @param {number} layer Of the convolutions.
 * @param {number} filter
 * @param {Maps} input
 */
export function activation(network, layer, filter, { planes, height, width }) {
  const { layers, weights, biases, gone } = network;
  const [, inputs] = layers[layer].shape;
  const first = start(layers, layer) + filter * inputs * 9;
  const map = new Float32Array(height * width);
  map.fill(isRemoved(network, layer, filter) ? 0 : biases[biasStart(layers, layer) + filter]);
  for (let i = 0; i < inputs * 9; i += 1) {
    if (gone[first + i] === 0) addShifted(map, planes[Math.floor(i / 9)], weights[first + i], Math.floor((i % 9) / 3) - 1, (i % 3) - 1, height, width);
  }
  for (let i = 0; i < map.length; i += 1) if (map[i] < 0) map[i] = 0;
  return map;
}

/**
 * Adds a plane, moved by up to one pixel, times a weight; beyond its edge there is nothing.
 * @param {Float32Array} map
 * @param {Float32Array} plane
 * @param {number} weight
 * @param {number} down
 * @param {number} right
 * @param {number} height
 * @param {number} width
 */
function addShifted(map, plane, weight, down, right, height, width) {
  const left = Math.max(0, -right);
  const end = Math.min(width, width - right);
  for (let y = Math.max(0, -down); y < Math.min(height, height - down); y += 1) {
    const to = y * width;
    const from = (y + down) * width + right;
    for (let x = left; x < end; x += 1) map[to + x] += weight * plane[from + x];
  }
}

/**
 * What the next layer sees of these maps: of each 2x2 pixels the largest.
 * @param {Maps} maps
 * @returns {Maps}
 */
export function pooled({ planes, height, width }) {
  const size = { height: height >> 1, width: width >> 1 };
  return {
    ...size,
    planes: planes.map((plane) => Float32Array.from({ length: size.height * size.width }, (_, i) => {
      const at = Math.floor(i / size.width) * 2 * width + (i % size.width) * 2;
      return Math.max(plane[at], plane[at + 1], plane[at + width], plane[at + width + 1]);
    })),
  };
}

/**
 * All maps of a layer.
 * @param {Network} network
 * @param {number} layer
 * @param {Maps} input
 * @returns {Maps}
 */
export function activations(network, layer, input) {
  const planes = Array.from({ length: network.layers[layer].shape[0] }, (_, filter) => activation(network, layer, filter, input));
  return { ...input, planes };
}

/**
 * Whether nothing of a filter is left: neither weights of its own nor any that reads it. Its bias goes with it.
 * @param {Network} network
 * @param {number} layer
 * @param {number} filter
 */
function isRemoved({ layers, gone }, layer, filter) {
  const [, inputs] = layers[layer].shape;
  const own = start(layers, layer) + filter * inputs * 9;
  if (gone.subarray(own, own + inputs * 9).includes(0)) return false;
  const [outputs, fed, ...kernel] = layers[layer + 1].shape;
  const row = fed * kernel.reduce((product, side) => product * side, 1);
  // Behind the flattening, each filter's picture is a run of inputs.
  const run = row / layers[layer].shape[0];
  for (let output = 0; output < outputs; output += 1) {
    const read = start(layers, layer + 1) + output * row + filter * run;
    if (gone.subarray(read, read + run).includes(0)) return false;
  }
  return true;
}

/**
 * @param {LayerInfo[]} layers
 * @param {number} layer
 */
function start(layers, layer) {
  return layers.slice(0, layer).reduce((sum, { weights }) => sum + weights, 0);
}

/**
 * @param {LayerInfo[]} layers
 * @param {number} layer
 */
function biasStart(layers, layer) {
  return layers.slice(0, layer).reduce((sum, { shape }) => sum + shape[0], 0);
}

/** Remembers the maps of one image under one cut: those asked for, and all of the first layer once the second is asked for. */
export function createActivations() {
  /** @type {{scores: Scores, gone: Uint8Array, images: Uint8Array, example: number, network: Network, input: Maps, between: Maps | null, maps: Map<string, Float32Array>} | null} */
  let known = null;
  /**
   * @param {{scores: Scores, gone: Uint8Array, layers: LayerInfo[], dataset: DatasetInfo, images: Uint8Array, example: number}} of
   * @param {number} layer
   * @param {number} filter
   */
  return ({ scores, gone, layers, dataset, images, example }, layer, filter) => {
    if (!known || known.scores !== scores || known.gone !== gone || known.images !== images || known.example !== example) {
      const network = { layers, weights: scores.weights, biases: scores.biases, gone };
      known = { scores, gone, images, example, network, input: normalised(images, example, dataset), between: null, maps: new Map() };
    }
    const { network, input, maps } = known;
    if (layer > 0) known.between ??= pooled(activations(network, 0, input));
    const from = layer > 0 && known.between ? known.between : input;
    const name = `${layer}/${filter}`;
    const map = maps.get(name) ?? activation(network, layer, filter, from);
    maps.set(name, map);
    return { map, height: from.height, width: from.width };
  };
}
