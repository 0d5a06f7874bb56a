import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { activation, activations, createActivations, normalised, pooled } from './activation.js';

/** The tensors of a safetensors file. */
async function tensors(name) {
  const bytes = await readFile(new URL(`../../tests/goldens/${name}.safetensors`, import.meta.url));
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const read = { F32: Float32Array, U8: Uint8Array };
  return Object.fromEntries(Object.entries(header).filter(([, { dtype }]) => dtype in read).map(([key, { dtype, data_offsets: [from, to] }]) => {
    const copy = bytes.buffer.slice(bytes.byteOffset + 8 + length + from, bytes.byteOffset + 8 + length + to);
    return [key, new read[dtype](copy)];
  }));
}

const NAMES = ['conv1', 'conv2', 'fc'];
const LAYERS = [[4, 3, 3, 3], [6, 4, 3, 3], [10, 96]].map((shape, i) => ({ name: NAMES[i], shape, weights: shape.reduce((a, b) => a * b), macs: 0 }));
const concat = (Type, parts) => Type.from(parts.flatMap((part) => [...part]));

/** Logits of all images of the golden batch. */
function logits(network, input, fcBias) {
  const fc = LAYERS[0].weights + LAYERS[1].weights;
  return Array.from({ length: 16 }, (_, image) => {
    const planes = [0, 1, 2].map((c) => input.subarray((image * 3 + c) * 256, (image * 3 + c + 1) * 256));
    const first = pooled(activations(network, 0, { planes, height: 16, width: 16 }));
    const { planes: last } = pooled(activations(network, 1, first));
    const features = concat(Float32Array, last);
    return Array.from({ length: 10 }, (_, output) => features.reduce((sum, x, i) => {
      const at = fc + output * 96 + i;
      return sum + (network.gone[at] === 1 ? 0 : x * network.weights[at]);
    }, fcBias[output]));
  }).flat();
}

async function golden() {
  const [model, batch] = await Promise.all([tensors('model'), tensors('batch')]);
  const weights = concat(Float32Array, NAMES.map((name) => model[`${name}.weight`]));
  const biases = concat(Float32Array, NAMES.map((name) => model[`${name}.bias`]));
  return { network: { layers: LAYERS, weights, biases, gone: new Uint8Array(weights.length) }, input: batch.input, fcBias: model['fc.bias'] };
}

function near(actual, expected) {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-4, `${i}: ${value}, ${expected[i]}`));
}

test('activations lead to the logits of the reference, dense', async () => {
  const { network, input, fcBias } = await golden();
  near(logits(network, input, fcBias), (await tensors('forward')).logits);
});

test('activations lead to the logits of the reference when filters are removed with their biases', async () => {
  const { network, input, fcBias } = await golden();
  const [masks, pruned] = await Promise.all([tensors('masks'), tensors('pruned_logits')]);
  for (const id of ['filter_l1/0.50', 'filter_l2/0.75', 'fpgm/0.25']) {
    const gone = concat(Uint8Array, NAMES.map((name, i) => masks[`${id}.${name}.weight`] ?? new Uint8Array(LAYERS[i].weights).fill(1))).map((keep) => 1 - keep);
    near(logits({ ...network, gone }, input, fcBias), pruned[id]);
    const filters = [0, 1].map((layer) => {
      const size = LAYERS[layer].weights / LAYERS[layer].shape[0];
      const from = layer * LAYERS[0].weights;
      return Array.from({ length: LAYERS[layer].shape[0] }, (_, f) => gone.subarray(from + f * size, from + (f + 1) * size).every((flag) => flag === 1));
    });
    // What reads a removed filter goes with it.
    for (let i = 0; i < LAYERS[1].weights; i += 1) if (filters[0][Math.floor(i / 9) % 4]) gone[LAYERS[0].weights + i] = 1;
    for (let i = 0; i < 960; i += 1) if (filters[1][Math.floor((i % 96) / 16)]) gone[LAYERS[0].weights + LAYERS[1].weights + i] = 1;
    near(logits({ ...network, gone }, input, fcBias), pruned[`${id}.filters_removed`]);
  }
});

/** One grey 4x4 picture, one filter a layer; the first picks the pixel to the right, the second adds all nine. */
const SMALL = [{ shape: [1, 1, 3, 3], weights: 9 }, { shape: [1, 1, 3, 3], weights: 9 }, { shape: [2, 1], weights: 2 }].map((layer) => ({ ...layer, name: '', macs: 0 }));
const RIGHT = [0, 0, 0, 0, 0, 1, 0, 0, 0];
const PIXELS = Uint8Array.from([0, 51, 102, 153, 204, 255, 0, 51, 102, 153, 204, 255, 0, 51, 102, 153]);
const DATASET = { channels: 1, height: 4, width: 4, mean: [0.2], std: [0.5] };
const small = () => ({
  layers: SMALL, weights: Float32Array.from([...RIGHT, ...Array(9).fill(1), 1, 1]), biases: Float32Array.from([0.5, -1, 0, 0]), gone: new Uint8Array(20),
});

test('a filter that picks its right neighbour shows the picture moved, and the edge shows the bias', () => {
  const map = activation(small(), 0, 0, normalised(PIXELS, 0, DATASET));
  // (p / 255 - 0.2) / 0.5 + 0.5 of the neighbour: 0.2 more of 255 is 0.4 more.
  near([...map], [0.5, 0.9, 1.3, 0.5, 2.1, 0.1, 0.5, 0.5, 1.3, 1.7, 2.1, 0.5, 0.5, 0.9, 1.3, 0.5]);
});

test('a removed weight adds nothing, and the bias goes only with a filter that nothing reads any more', () => {
  const network = small();
  network.gone.fill(1, 0, 9);
  const input = normalised(PIXELS, 0, DATASET);
  assert.deepEqual([...activation(network, 0, 0, input)], Array(16).fill(0.5));
  network.gone.fill(1, 9, 18);
  assert.deepEqual([...activation(network, 0, 0, input)], Array(16).fill(0));
});

test('the second layer sees the first pooled, and what was computed is kept until the cut, the weights or the image change', () => {
  const { weights, biases, gone, layers } = small();
  const seen = createActivations();
  const of = { scores: { weights, biases }, gone, layers, dataset: DATASET, images: PIXELS, example: 0 };
  const { map, height, width } = seen(of, 1, 0);
  // Pooled: 2.1, 1.3, 1.7, 2.1; all nine of a 2x2 picture are all four, minus 1.
  near([...map], Array(4).fill(6.2));
  assert.deepEqual([height, width], [2, 2]);
  assert.equal(seen(of, 1, 0).map, map);
  const cut = seen({ ...of, gone: gone.with(9, 1) }, 1, 0).map;
  near([...cut], [6.2, 6.2, 6.2, 4.1]);
});

test('one filter of the largest network of the article takes a small part of a frame', () => {
  const layers = [[64, 3, 3, 3], [128, 64, 3, 3], [10, 8192]].map((shape) => ({ name: '', shape, weights: shape.reduce((a, b) => a * b), macs: 0 }));
  const total = layers.reduce((sum, layer) => sum + layer.weights, 0);
  const weights = Float32Array.from({ length: total }, (_, i) => Math.sin(i));
  const of = {
    scores: { weights, biases: new Float32Array(202) }, gone: new Uint8Array(total), layers, images: new Uint8Array(3072).map((_, i) => i),
    dataset: { channels: 3, height: 32, width: 32, mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] }, example: 0,
  };
  const times = Array.from({ length: 5 }, () => {
    const seen = createActivations();
    const before = process.cpuUsage();
    seen(of, 1, 5);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  assert.ok(Math.min(...times) < 25, times.join(', '));
});
