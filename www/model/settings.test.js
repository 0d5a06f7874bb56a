import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SETTINGS, datasetOfFiles, defaults, differ, fromHash, parse, runConfig, setting, toHash } from './settings.js';

const sample = {
  dataset: 'cifar-10', noise: 0.05, network: 'c3-16 b r [ c3-16 b | ] r g f', widths: [12, 200], batch: 64, initialisation: 'glorot-normal',
  optimiser: 'sgd', momentum: 0.5, 'weight-decay': 5e-4, nesterov: true, 'learning-rate': 3e-4, seed: 4294967295,
  schedule: 'steps', drops: [32000, 48000], 'cosine-steps': 500, 'warm-up': 100, 'fine-tuning-rate': 0.1, augment: true, reestimate: 512,
  'train-limit': 512, 'fine-tune-steps': 100, criterion: 'synflow', scope: 'hand', granularity: '2:4',
  'score-batch': 1000, 'spare-classifier': true, 'never-empty': true, normalise: true, distil: true, alpha: 0.3, temperature: 2.5, sparsity: [0.1, 0.25, 0.9],
  workers: 4, exchange: 'asynchronous', staleness: -1, 'gradient-share': 0.01, straggler: 8, link: 100,
  backend: 'webgpu', theme: 'dark', lang: 'zh-CN', autoplay: 'off',
};

test('every setting comes back from the hash as it was', () => {
  assert.deepEqual(fromHash(toHash(sample)), { settings: sample, rejected: [] });
  assert.deepEqual(fromHash(toHash(defaults())), { settings: defaults(), rejected: [] });
  assert.deepEqual(Object.keys(sample).sort(), SETTINGS.map(({ name }) => name).sort());
});

test('a network is readable in an address, and comes back from it', () => {
  const written = (network) => /network=([^&]*)/u.exec(toHash({ ...defaults(), network }))[1];
  assert.equal(written('c3-16 b r [ c3-16 b | z2-32 ] r g f'), 'c3-16_b_r_(_c3-16_b_~_z2-32_)_r_g_f');
  assert.equal(written('conv-4/2'), 'conv-4/2');
  const json = '{"input":[1,8,8],"classes":10,"nodes":[{"name":"a_b (c)","op":{"op":"relu"},"inputs":["input"]}]}';
  assert.equal(fromHash(`#network=${written(json)}`).settings.network, json);
  for (const text of ['c3-8_r+p2 f', 'c3-8 r p2, f', ' c3-8  r p2 f']) assert.equal(fromHash(`#network=${encodeURIComponent(text)}`).settings.network, 'c3-8 r p2 f');
});

test('an empty hash means the defaults', () => {
  for (const hash of ['', '#']) assert.deepEqual(fromHash(hash), { settings: defaults(), rejected: [] });
});

test('unknown and out-of-range values fall back to the default and are named', () => {
  const bad = [
    ['dataset', 'imagenet'], ['noise', '1.1'], ['noise', 'NaN'], ['widths', '0,16'], ['widths', '8'], ['widths', '8,16,32'],
    ['widths', '8,257'], ['batch', '33'], ['network', ''], ['network', 'r '.repeat(2001)], ['initialisation', 'zero'], ['optimiser', 'rmsprop'],
    ['momentum', '1'], ['weight-decay', '-1'], ['nesterov', 'maybe'], ['learning-rate', '0'], ['learning-rate', '2'], ['seed', '-1'], ['seed', '1.5'],
    ['drops', '5,5'], ['drops', '7,'], ['drops', '-1'], ['schedule', 'daily'], ['fine-tuning-rate', '0'], ['cosine-steps', '0'], ['reestimate', '-1'],
    ['seed', '4294967296'], ['train-limit', 'all'], ['backend', 'cuda'], ['autoplay', 'always'], ['colour', 'red'],
    ['criterion', 'sensitivity'], ['scope', 'local'], ['granularity', '1:4'], ['score-batch', '100001'], ['score-batch', '-1'],
    ['spare-classifier', 'maybe'], ['never-empty', '2'], ['normalise', 'mean'], ['alpha', '1.1'], ['temperature', '0.5'],
    ['sparsity', '1.5'], ['sparsity', Array(301).fill('0.5').join(',')], ['sparsity', ''], ['sparsity', '0.5,,0.5'],
  ];
  for (const [name, value] of bad) {
    const { settings, rejected } = fromHash(`#${name}=${value}`);
    assert.deepEqual(rejected, [{ name, value }]);
    assert.deepEqual(settings, defaults());
  }
});

test('every default lies in its own range', () => {
  for (const row of SETTINGS) {
    const text = Array.isArray(row.initial) ? row.initial.join(',') : String(row.initial);
    assert.deepEqual(parse(row, text), row.initial);
  }
});

test('widths are read with a comma, a cross or a space between', () => {
  for (const text of ['16,32', '16x32', '16 × 32', '16 32']) assert.deepEqual(parse(setting('widths'), text), [16, 32]);
});

test('a flag is set by its name alone, as in HTML, or by true and false', () => {
  assert.deepEqual(['', 'true', 'false', 'yes'].map((text) => parse(setting('never-empty'), text)), [true, true, false, undefined]);
});

test('the method changes no run and makes no checkpoint useless', () => {
  const base = defaults();
  const other = { ...base, criterion: 'fpgm', granularity: 'filter', scope: 'layer', 'score-batch': 1, 'spare-classifier': true, 'never-empty': true, normalise: true };
  assert.deepEqual([differ(base, other, 'run'), differ(base, other, 'shape')], [false, false]);
});

test('the run configuration has the fields of the core and nothing else', () => {
  assert.deepEqual(Object.keys(runConfig(sample)).sort(), [
    'augment', 'batch', 'cosineSteps', 'dataset', 'drops', 'fineTuningRate', 'initialisation', 'learningRate', 'method', 'momentum', 'nesterov', 'network', 'noise', 'optimiser',
    'reestimate', 'schedule', 'seed', 'trainLimit', 'warmUp', 'weightDecay', 'widths',
  ]);
});

test('only what shapes the network or its data makes checkpoints useless', () => {
  const base = defaults();
  assert.equal(differ(base, { ...base, widths: [16, 32] }, 'shape'), true);
  assert.equal(differ(base, { ...base, network: 'lenet-5' }, 'shape'), true);
  assert.equal(differ(base, { ...base, optimiser: 'sgd' }, 'shape'), false);
  assert.equal(differ(base, { ...base, seed: 2 }, 'shape'), false);
  assert.equal(differ(base, { ...base, seed: 2 }, 'run'), true);
  assert.equal(differ(base, { ...base, 'fine-tune-steps': 7 }, 'run'), false);
});

test('files are taken for the data set that their names say, else for the chosen one', () => {
  assert.equal(datasetOfFiles(['data_batch_1.bin', 'test_batch.bin'], 'digits'), 'cifar-10');
  assert.equal(datasetOfFiles(['train-images-idx3-ubyte.gz'], 'digits'), 'mnist');
  assert.equal(datasetOfFiles(['train-images-idx3-ubyte.gz'], 'fashion-mnist'), 'fashion-mnist');
  assert.equal(datasetOfFiles(['own-images.safetensors'], 'digits'), 'own');
  assert.equal(datasetOfFiles(['notes.txt'], 'mnist'), 'mnist');
  assert.equal(datasetOfFiles(['notes.txt'], 'digits'), 'cifar-10');
});
