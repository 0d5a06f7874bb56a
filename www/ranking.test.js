import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cut, histogram, keptByLayer, lowerBound, nextUp, roundHalfEven } from './ranking.js';

/** A small deterministic generator, so that a failure can be repeated. */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Scores with ties and a few zeros, ranked by score, then by position. */
function ranking(seed, n) {
  const next = random(seed);
  const scores = Float32Array.from({ length: n }, () => Math.floor(next() * 50) / 64);
  const order = [...scores.keys()].sort((a, b) => scores[a] - scores[b] || a - b);
  const ranks = new Uint32Array(n);
  order.forEach((index, rank) => { ranks[index] = rank; });
  return { scores, ranks, sorted: Float32Array.from(order, (i) => scores[i]) };
}

test('halves round to the even neighbour', () => {
  assert.deepEqual([0.5, 1.5, 2.5, 3.5, 2.4, 2.6, 0, 7].map(roundHalfEven), [0, 2, 2, 4, 2, 3, 0, 7]);
});

test('the next float above x is above x and has no float between', () => {
  for (const x of [0, 1, 0.1, 123.25].map(Math.fround)) {
    const above = nextUp(x);
    assert.ok(above > x);
    const middle = Math.fround((x + above) / 2);
    assert.ok(middle === x || middle === above);
  }
});

test('a fraction removes exactly round(p*n) weights, the lowest scores first', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const n = 1 + (seed * 37) % 211;
    const { scores, ranks, sorted } = ranking(seed, n);
    for (const p of [0, 0.005, 0.1, 0.5, 0.805, 0.999, 1]) {
      const { pruned, total, sparsity } = cut(sorted, 0, { by: 'fraction', value: p });
      assert.equal(pruned, roundHalfEven(p * n));
      assert.equal(sparsity, pruned / total);
      const gone = [...scores].filter((_, i) => ranks[i] < pruned);
      const kept = [...scores].filter((_, i) => ranks[i] >= pruned);
      assert.equal(gone.length, pruned);
      assert.ok(Math.max(-1, ...gone) <= Math.min(2, ...kept));
    }
  }
});

test('a threshold removes all scores strictly below it and no other', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const { scores, sorted } = ranking(seed, 97);
    for (const t of [0, 0.001, 0.25, 0.5, 1]) {
      const { pruned } = cut(sorted, 0, { by: 'threshold', value: t });
      assert.equal(pruned, scores.filter((s) => s < Math.fround(t)).length);
      assert.equal(pruned, lowerBound(sorted, Math.fround(t)));
    }
  }
});

test('where scores do not tie, the threshold shown for a fraction removes the same weights', () => {
  const n = 1000;
  const next = random(5);
  const sorted = Float32Array.from({ length: n }, next).sort();
  for (let k = 0; k <= n; k += 1) {
    const byFraction = cut(sorted, 0, { by: 'fraction', value: k / n });
    const byThreshold = cut(sorted, 0, { by: 'threshold', value: byFraction.threshold });
    assert.equal(byThreshold.pruned, byFraction.pruned);
    assert.equal(byFraction.everything, k === n);
  }
});

test('what is already cut stays cut, whatever is asked for', () => {
  const { sorted } = ranking(3, 100);
  sorted.fill(0, 0, 60);
  for (const selection of [{ by: 'fraction', value: 0.2 }, { by: 'threshold', value: 0 }]) {
    assert.equal(cut(sorted, 60, selection).pruned, 60);
  }
  assert.equal(cut(sorted, 60, { by: 'fraction', value: 0.8 }).pruned, 80);
});

test('a larger fraction never brings a weight back', () => {
  const { sorted } = ranking(11, 333);
  let before = 0;
  for (let p = 0; p <= 1; p += 0.01) {
    const { pruned } = cut(sorted, 0, { by: 'fraction', value: p });
    assert.ok(pruned >= before);
    before = pruned;
  }
});

test('kept weights by layer add up to the kept weights of the network', () => {
  const { ranks } = ranking(8, 300);
  const layers = [{ weights: 72 }, { weights: 100 }, { weights: 128 }];
  for (let pruned = 0; pruned <= 300; pruned += 7) {
    const kept = keptByLayer(ranks, pruned, layers);
    assert.equal(kept.reduce((a, b) => a + b), 300 - pruned);
  }
});

test('the histogram counts every score that is not cut exactly once', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { sorted } = ranking(seed, 257);
    const { counts, largest } = histogram(sorted, 50, 64);
    assert.equal(counts.length, 64);
    assert.equal(counts.reduce((a, b) => a + b), 207);
    assert.equal(largest, sorted[256]);
  }
});

test('an empty network and a network of equal scores have no NaN', () => {
  const empty = cut(new Float32Array(0), 0, { by: 'fraction', value: 0.5 });
  assert.deepEqual([empty.pruned, empty.sparsity], [0, 0]);
  const { counts } = histogram(new Float32Array(9), 0, 4);
  assert.equal(counts.reduce((a, b) => a + b), 9);
});
