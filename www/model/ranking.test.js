import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METHOD, byFilters, byFours, byLayer, byWeights, random } from '../../tests/support/rankings.mjs';
import { NEVER, cut, layerUnits, lowerBound, nextUp, roundHalfEven } from './ranking.js';

const LAYERS = [{ weights: 72, shape: [8, 1, 3, 3] }, { weights: 100, shape: [10, 10] }];
const fraction = (value) => ({ by: 'fraction', value });
const threshold = (value) => ({ by: 'threshold', value });
const total = (numbers) => numbers.reduce((a, b) => a + b, 0);

/** One layer of so many weights. */
const plain = (n) => [{ weights: n, shape: [1, n] }];

test('halves round to the even neighbour', () => {
  assert.deepEqual([0.5, 1.5, 2.5, 3.5, 2.4, 2.6, 0, 7].map(roundHalfEven), [0, 2, 2, 4, 2, 3, 0, 7]);
});

test('the next float above x is above x and has no float between', () => {
  for (const x of [0, 1, 0.1, 123.25, -1, -0.1, -123.25].map(Math.fround)) {
    const above = nextUp(x);
    assert.ok(above > x);
    const middle = Math.fround((x + above) / 2);
    assert.ok(middle === x || middle === above);
  }
});

test('a fraction removes exactly round(p*n) weights, the lowest scores first', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const n = 1 + (seed * 37) % 211;
    const { ranking, scores } = byWeights(seed, n);
    for (const p of [0, 0.005, 0.1, 0.5, 0.805, 0.999, 1]) {
      const { gone, pruned, sparsity } = cut(ranking, plain(n), fraction(p));
      assert.equal(pruned, roundHalfEven(p * n));
      assert.equal(sparsity, pruned / n);
      assert.equal(total(gone), pruned);
      const removed = [...scores].filter((_, i) => gone[i] === 1);
      const kept = [...scores].filter((_, i) => gone[i] === 0);
      assert.ok(Math.max(-1, ...removed) <= Math.min(2, ...kept));
    }
  }
});

test('a threshold removes all scores strictly below it and no other', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const { ranking, scores } = byWeights(seed, 97);
    for (const t of [-1, 0, 0.001, 0.25, 0.5, 1]) {
      const { pruned } = cut(ranking, plain(97), threshold(t));
      assert.equal(pruned, scores.filter((s) => s < Math.fround(t)).length);
      assert.equal(pruned, lowerBound(ranking.sorted, Math.fround(t)));
    }
  }
});

test('where scores do not tie, the threshold shown for a fraction removes the same weights, whatever the sign', () => {
  const n = 1000;
  const next = random(5);
  for (const shift of [0, 0.5, 2]) {
    const sorted = Float32Array.from({ length: n }, () => next() - shift).sort();
    const ranking = { sorted, ranks: Uint32Array.from(sorted.keys()), masks: new Uint8Array(n).fill(1), method: METHOD, groups: [{ units: n, held: 0 }] };
    for (let k = 0; k <= n; k += 1) {
      const byFraction = cut(ranking, plain(n), fraction(k / n));
      assert.equal(cut(ranking, plain(n), threshold(byFraction.threshold)).pruned, byFraction.pruned);
      assert.equal(byFraction.everything, k === n);
    }
  }
});

test('what is already cut stays cut, whatever is asked for', () => {
  const { ranking } = byWeights(3, 100, 60);
  for (const selection of [fraction(0.2), threshold(0), threshold(-9), { by: 'layers', value: [0.1] }]) {
    const { pruned, alreadyCut, gone } = cut(ranking, plain(100), selection);
    assert.deepEqual([pruned, alreadyCut], [60, 60]);
    assert.ok(gone.every((g, i) => g === 1 - ranking.masks[i]));
  }
  assert.equal(cut(ranking, plain(100), fraction(0.8)).pruned, 80);
});

test('a larger fraction never brings a weight back', () => {
  const { ranking } = byWeights(11, 333);
  let before = new Uint8Array(333);
  for (let p = 0; p <= 1; p += 0.01) {
    const { gone } = cut(ranking, plain(333), fraction(p));
    assert.ok(before.every((g, i) => g <= gone[i]));
    before = gone;
  }
});

test('kept weights by layer add up to the kept weights of the network', () => {
  const { ranking } = byWeights(8, 172);
  for (let p = 0; p <= 1; p += 0.03) {
    const { kept, pruned } = cut(ranking, LAYERS, fraction(p));
    assert.equal(total(kept), 172 - pruned);
  }
});

test('layer by layer, every fraction takes its share of each layer', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const ranking = byLayer(seed, LAYERS);
    for (const p of [0, 0.01, 0.25, 0.5, 0.777, 1]) {
      const { kept, threshold: none } = cut(ranking, LAYERS, fraction(p));
      assert.deepEqual(kept, LAYERS.map(({ weights }) => weights - roundHalfEven(p * weights)));
      assert.equal(none, null);
    }
  }
});

test('by hand, a layer loses exactly its own share, its lowest scores first, and no other layer changes', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { ranking, scores } = byWeights(seed, 172);
    const { gone, kept } = cut(ranking, LAYERS, { by: 'layers', value: [0, 0.37] });
    assert.deepEqual(kept, [72, 63]);
    const own = [...scores].slice(72);
    const removed = own.filter((_, i) => gone[72 + i] === 1);
    assert.ok(Math.max(...removed) <= Math.min(...own.filter((_, i) => gone[72 + i] === 0)));
  }
});

test('what is never cut is kept at every fraction, and is not counted among the units', () => {
  const { ranking } = byWeights(4, 172);
  // The last layer is spared, as the core says it: no rank, no score.
  const order = [...ranking.ranks.keys()].filter((i) => i < 72).sort((a, b) => ranking.ranks[a] - ranking.ranks[b]);
  const ranks = new Uint32Array(172).fill(NEVER);
  order.forEach((index, rank) => { ranks[index] = rank; });
  const spared = { ...ranking, ranks, sorted: new Float32Array(72), groups: [{ units: 72, held: 0 }] };
  assert.deepEqual(cut(spared, LAYERS, fraction(1)).kept, [0, 100]);
  assert.deepEqual(cut(spared, LAYERS, { by: 'layers', value: [0.5, 1] }).kept, [36, 100]);
  assert.deepEqual(layerUnits(spared, LAYERS).map(({ length }) => length), [72, 0]);
});

test('a filter takes its weights and the inputs that it feeds, at every fraction and by hand', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { ranking, layers, rankOf, ownersOf } = byFilters(seed, [4, 6]);
    const expected = (isCut) => ownersOf.map((owners) => (owners.some(isCut) ? 1 : 0));
    for (const p of [0, 0.1, 0.35, 0.5, 0.9, 1]) {
      const units = roundHalfEven(p * 10);
      const now = cut(ranking, layers, fraction(p));
      assert.equal(now.units, units);
      assert.deepEqual([...now.gone], expected((filter) => rankOf[filter] < units));
    }
    for (const value of [[0.5, 0, 0], [0, 0.5, 0], [0.25, 0.67, 1]]) {
      const lowest = (from, to, share) => [...rankOf.keys()].slice(from, to).sort((a, b) => rankOf[a] - rankOf[b]).slice(0, roundHalfEven(share * (to - from)));
      const cutByHand = new Set([...lowest(0, 4, value[0]), ...lowest(4, 10, value[1])]);
      assert.deepEqual([...cut(ranking, layers, { by: 'layers', value }).gone], expected((filter) => cutByHand.has(filter)));
    }
  }
});

test('of fours, so many go as the fraction says, each with two weights, over all layers or by hand', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { ranking, layers, rankOf, taken } = byFours(seed, [6, 5]);
    const expected = (isCut) => taken.map((four) => (four !== null && isCut(four) ? 1 : 0));
    for (const p of [0, 0.1, 0.5, 0.77, 1]) {
      const now = cut(ranking, layers, fraction(p));
      assert.deepEqual([now.units, now.pruned, now.unitsTotal], [roundHalfEven(p * 11), 2 * now.units, 11]);
      assert.deepEqual([...now.gone], expected((four) => rankOf[four] < now.units));
      assert.equal(now.threshold, p === 1 ? nextUp(ranking.sorted[10]) : ranking.sorted[now.units]);
    }
    assert.equal(cut(ranking, layers, threshold(0.4)).units, lowerBound(ranking.sorted, Math.fround(0.4)));
    assert.deepEqual(layerUnits(ranking, layers).map(({ length }) => length), [0, 6, 5]);
    const { gone, kept } = cut(ranking, layers, { by: 'layers', value: [1, 0.5, 0.2] });
    assert.deepEqual(kept, [9, 24 - 6, 20 - 2]);
    const lowest = new Set([[0, 6, 3], [6, 11, 1]].flatMap(([from, to, n]) => [...rankOf.keys()].slice(from, to).sort((a, b) => rankOf[a] - rankOf[b]).slice(0, n)));
    assert.deepEqual([...gone], expected((four) => lowest.has(four)));
  }
});

test('an empty network has no NaN', () => {
  const empty = { ranks: new Uint32Array(0), sorted: new Float32Array(0), masks: new Uint8Array(0), method: METHOD, groups: [{ units: 0, held: 0 }] };
  const { pruned, sparsity } = cut(empty, [], fraction(0.5));
  assert.deepEqual([pruned, sparsity], [0, 0]);
});
