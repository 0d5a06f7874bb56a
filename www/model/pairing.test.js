import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, pairOf, toggled } from './pairing.js';

const LAYERS = [{ name: 'conv1', weights: 4 }, { name: 'fc', weights: 6 }];
const point = (id, step, sparsity, kept, accuracy, loss, samples = 360) => ({ id, kind: 'dense', step, sparsity, kept, test: { accuracy, loss, samples } });
const dense = point(3, 100, 0, [4, 6], 0.9, 0.5);
const pruned = { ...point(7, 100, 0.5, [3, 2], 0.8, 0.75, 100), kind: 'pruned' };

test('at most two states are chosen, and a third takes the place of the earliest', () => {
  assert.deepEqual(toggled([], 3), [3]);
  assert.deepEqual(toggled([3], 7), [3, 7]);
  assert.deepEqual(toggled([3, 7], 9), [7, 9]);
});

test('choosing a state once more lets go of it', () => {
  assert.deepEqual(toggled([3, 7], 3), [7]);
});

test('two states are compared in the order in which they were measured', () => {
  assert.deepEqual(pairOf([dense, pruned], [7, 3]), [dense, pruned]);
});

test('one state alone, or one no longer kept, makes no pair', () => {
  assert.equal(pairOf([dense, pruned], [7]), null);
  assert.equal(pairOf([pruned], [3, 7]), null);
});

test('a difference is the later state less the earlier one, layer by layer too', () => {
  const rows = contrast([dense, pruned], LAYERS);
  const found = Object.fromEntries(rows.map(({ name, layer, difference }) => [layer ?? name, difference]));
  assert.deepEqual(Object.keys(found), ['step', 'sparsity', 'conv1', 'fc', 'accuracy', 'loss', 'samples']);
  assert.deepEqual([found.step, found.sparsity, found.conv1, found.fc, found.loss], [0, 0.5, -1, -4, 0.25]);
  assert.ok(Math.abs(found.accuracy + 0.1) < 1e-12);
});

test('the number of images measured is shown for both and no difference is made of it', () => {
  const samples = contrast([dense, pruned], LAYERS).at(-1);
  assert.deepEqual([samples.first, samples.second, samples.difference], [360, 100, null]);
});
