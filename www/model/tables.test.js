import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byFilters, byFours, byLayer, byWeights, random, tabled } from '../../tests/support/rankings.mjs';
import { cutInBins, histogram, histogramOf } from './histogram.js';
import { cut, layerGroups } from './ranking.js';
import { selectionUnder } from './selection.js';

const fraction = (value) => ({ by: 'fraction', value });
const SIX = [{ weights: 200, shape: [10, 20], own: [], reads: [] }, { weights: 300, shape: [10, 30], own: [], reads: [] }];
const total = (numbers) => numbers.reduce((a, b) => a + b, 0);

/** Rankings of all kinds with their layers; single weights without ties, so that a threshold says how many go. */
function* rankings() {
  const next = random(9);
  const scores = Float32Array.from({ length: 500 }, () => next());
  const order = [...scores.keys()].sort((a, b) => scores[a] - scores[b]);
  const ranks = new Uint32Array(500);
  order.forEach((index, rank) => { ranks[index] = rank; });
  const { ranking } = byWeights(1, 500, 50);
  yield ['weights', { ...ranking, ranks, masks: ranks.map((rank) => Number(rank >= 50)), sorted: Float32Array.from(order, (i, rank) => (rank < 50 ? 0 : scores[i])) }, SIX];
  yield ['layers', byLayer(3, SIX), SIX];
  yield ['filters', ...Object.values(byFilters(4, [16, 24])).slice(0, 2)];
  const fours = byFours(5, [40, 55]);
  yield ['fours', fours.ranking, fours.layers];
}

test('at the knots a cut by tables is the cut by all ranks, and between them nearly', () => {
  for (const [name, ranking, layers] of rankings()) {
    const large = tabled(ranking, layers, 20);
    const { knots } = large.tables;
    const units = ranking.sorted.length;
    const apart = ranking.groups.length > 1;
    for (let k = knots[0]; k <= units; k += 1) {
      // Where layers are ranked apart, not every number of units is some fraction's.
      const selection = fraction(k / units);
      const [now, exact] = [cut(large, layers, selection), cut(ranking, layers, selection)];
      const what = `${name}, ${k} units`;
      assert.deepEqual([now.units, now.unitsTotal, now.unitsHeld, now.total, now.alreadyCut], [exact.units, units, exact.unitsHeld, exact.total, exact.alreadyCut], what);
      assert.equal(now.everything, exact.everything, what);
      assert.equal(total(now.kept), now.total - now.pruned);
      assert.equal(now.gone.length, 0);
      if (knots.includes(now.units)) assert.deepEqual([now.kept, now.pruned, now.threshold], [exact.kept, exact.pruned, exact.threshold], what);
      // One by one go weights and fours: as many in all.
      if (name !== 'filters') assert.equal(now.pruned, exact.pruned, what);
      now.kept.forEach((kept, layer) => assert.ok(Math.abs(kept - exact.kept[layer]) <= 0.06 * exact.total, `${what}: ${kept}, ${exact.kept[layer]}`));
      if (!apart) assert.ok(Math.abs(now.threshold - exact.threshold) < 0.1, what);
    }
  }
});

test('a threshold cuts as many units as lie below it, exactly at the knots', () => {
  const [[, ranking, layers]] = rankings();
  const large = tabled(ranking, layers, 25);
  large.sorted.forEach((value, i) => {
    const now = cut(large, layers, { by: 'threshold', value });
    assert.equal(now.units, large.tables.knots[i]);
    assert.equal(now.threshold, value);
    assert.deepEqual(now.kept, cut(ranking, layers, { by: 'threshold', value }).kept);
  });
  for (let t = 0; t < 1; t += 0.01) {
    const selection = { by: 'threshold', value: t };
    assert.ok(Math.abs(cut(large, layers, selection).units - cut(ranking, layers, selection).units) <= 12, String(t));
  }
  assert.deepEqual([-1, 2].map((value) => cut(large, layers, { by: 'threshold', value }).units), [50, 500]);
});

test('by hand weights and fours go as many of each layer as its fraction says, and filters nearly', () => {
  for (const [name, ranking, layers] of rankings()) {
    if (name === 'layers') continue;
    const large = tabled(ranking, layers, 30);
    assert.deepEqual(layerGroups(large, layers), layerGroups(ranking, layers));
    for (const value of [[0.5, 0.2, 0], [0, 1, 0.3], [0.9, 0.4, 0], [0, 0, 0]]) {
      const selection = { by: 'layers', value: value.slice(0, layers.length) };
      const [now, exact] = [cut(large, layers, selection), cut(ranking, layers, selection)];
      assert.equal(now.units, exact.units, `${name} ${value}`);
      if (name === 'filters') assert.ok(Math.abs(now.sparsity - exact.sparsity) < 0.03, `${now.sparsity}, ${exact.sparsity}`);
      else assert.deepEqual(now.kept, exact.kept, `${name} ${value}`);
      // So deep in the whole order a layer keeps as much.
      now.unitsIn.forEach((units, layer) => {
        const { kept } = cut(large, layers, fraction(units / now.unitsTotal));
        if (name === 'weights') assert.ok(Math.abs(kept[layer] - Math.min(now.kept[layer], kept[layer] + 1)) <= 1.5, `${value} ${kept} ${now.kept}`);
      });
    }
  }
});

test('by hand or not, about as much is cut when the other is chosen', () => {
  const [[, ranking, layers]] = rankings();
  const scores = tabled(ranking, layers, 40);
  const state = { settings: { scope: 'hand' }, selection: fraction(0.4), scores, layers };
  const selection = selectionUnder(scores.method, state);
  assert.equal(selection.by, 'layers');
  assert.ok(Math.abs(cut(scores, layers, selection).sparsity - 0.4) < 0.01);
  const back = selectionUnder(scores.method, { ...state, settings: { scope: 'global' }, selection });
  assert.ok(Math.abs(back.value - 0.4) < 0.01, JSON.stringify(back));
});

test('the histogram by tables is nearly that of all scores, and hatches what a cut removes', () => {
  const [[, ranking, layers]] = rankings();
  const large = tabled(ranking, layers, 100);
  const [rough, exact] = [histogramOf(large, 50, 10), histogram(ranking.sorted, 50, 10)];
  assert.ok(Math.abs(total(rough.counts) - 450) < 1e-6);
  assert.deepEqual([rough.low, Math.fround(rough.high - exact.high) < 1e-6], [exact.low, true]);
  rough.counts.forEach((count, bin) => assert.ok(Math.abs(count - exact.counts[bin]) <= 6, `${rough.counts}, ${exact.counts}`));
  for (const value of [0.1, 0.35, 0.7, 1]) {
    const removed = cutInBins(rough, cut(large, layers, fraction(value)));
    assert.ok(Math.abs(total(removed) - (value * 500 - 50)) < 1e-6);
    removed.forEach((count, bin) => assert.ok(count <= rough.counts[bin] + 1e-9));
  }
});

test('a network of millions is cut within a frame', () => {
  const layers = Array.from({ length: 22 }, () => ({ weights: 200_000, shape: [200, 1000], own: [], reads: [] }));
  const knots = Uint32Array.from({ length: 1025 }, (_, i) => Math.floor((4_400_000 * i) / 1024));
  const kept = Uint32Array.from(layers.flatMap(() => Array.from(knots, (knot) => 200_000 - Math.floor(knot / 22))));
  const sorted = Float32Array.from(knots, (knot) => knot / 4_400_000);
  const [[, { method }]] = rankings();
  const tables = { knots, kept, layers: layers.map(() => ({ units: 200_000, held: 0 })), removed: 0, cutSteps: [] };
  const ranking = { ranks: new Uint32Array(0), masks: new Uint8Array(0), sorted, method, groups: [{ units: 4_400_000, held: 0 }], tables };
  const start = performance.now();
  for (let i = 0; i < 100; i += 1) cut(ranking, layers, fraction(i / 100));
  assert.ok((performance.now() - start) / 100 < 16);
});
