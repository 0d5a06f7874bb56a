import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byLayer, byWeights } from '../../tests/support/rankings.mjs';
import { cutInBins, histogram, sizeOfMost } from './histogram.js';
import { cut } from './ranking.js';

const total = (numbers) => numbers.reduce((a, b) => a + b, 0);
const LAYERS = [{ weights: 72, shape: [8, 9] }, { weights: 100, shape: [10, 10] }];

test('every score that is not cut for good is counted exactly once', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { ranking } = byWeights(seed, 257, 50);
    const { counts, high } = histogram(ranking.sorted, 50, 64);
    assert.equal(counts.length, 64);
    assert.equal(total(counts), 207);
    assert.equal(high, ranking.sorted[256]);
  }
});

test('the removed part of the bars adds up to the units removed, in one ranking and layer by layer', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { ranking } = byWeights(seed, 172);
    for (const [ranked, selection] of [
      [ranking, { by: 'fraction', value: 0.3 }], [ranking, { by: 'layers', value: [0.9, 0.2] }],
      [byLayer(seed, LAYERS), { by: 'fraction', value: 0.6 }],
    ]) {
      const bins = histogram(ranked.sorted, 0, 80);
      const now = cut(ranked, LAYERS, selection);
      const removed = cutInBins(bins, now);
      assert.equal(total(removed), now.units);
      assert.ok(removed.every((count, i) => count <= bins.counts[i]));
    }
  }
});

test('scores below zero have their bins, and a scale that begins at the lowest', () => {
  const { low, high, counts } = histogram(Float32Array.of(-2, -1, 0, 1.9), 0, 4);
  assert.deepEqual([low, high, total(counts)], [-2, Math.fround(1.9), 4]);
  assert.equal(counts[0], 1);
});

test('equal scores, or none, have no NaN', () => {
  for (const scores of [new Float32Array(9), new Float32Array(0), new Float32Array(3).fill(2)]) {
    const { low, high, counts } = histogram(scores, 0, 4);
    assert.equal(total(counts), scores.length);
    assert.ok(Number.isFinite(low) && Number.isFinite(high));
  }
});

test('all but the share asked for lie within the size of most', () => {
  const numbers = Float32Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? i : -i));
  const masks = new Uint8Array(1000).fill(1);
  const limit = sizeOfMost(numbers, masks, 0.98);
  assert.ok(limit >= 979 && limit <= 982, String(limit));
  assert.equal(sizeOfMost(new Float32Array(5), masks, 0.98) || 1, 1);
});
