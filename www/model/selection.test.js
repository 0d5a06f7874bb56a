import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METHOD, byFilters, byFours, byLayer, byWeights } from '../../tests/support/rankings.mjs';
import { cut } from './ranking.js';
import { everywhere, nudged, sameSelection, selectionAtStart, selectionOf, selectionUnder, withLayer } from './selection.js';
import { defaults } from './settings.js';

const LAYERS = [{ weights: 72, shape: [8, 1, 3, 3] }, { weights: 100, shape: [10, 10] }];
const fraction = (value) => ({ by: 'fraction', value });
const layers = (...value) => ({ by: 'layers', value });
const settings = (changes) => ({ ...defaults(), ...changes });
const hand = settings({ scope: 'hand' });

test('selections are the same when they ask for the same', () => {
  assert.ok(sameSelection(layers(0.1, 0.2), layers(0.1, 0.2)));
  assert.ok(!sameSelection(layers(0.1, 0.2), layers(0.2, 0.1)));
  assert.ok(!sameSelection(fraction(0.5), { by: 'threshold', value: 0.5 }));
  assert.ok(!sameSelection(layers(0.1, 0.2), layers(0.1)));
  assert.ok(sameSelection(fraction(0.9590000000000001), fraction(0.959)), 'the last bit');
  assert.ok(!sameSelection(fraction(0.959), fraction(0.9590001)));
});

test('a fresh network is cut as the settings say', () => {
  assert.deepEqual(selectionAtStart(settings({}), LAYERS), fraction(0));
  assert.deepEqual(selectionAtStart(hand, LAYERS), layers(0, 0));
  assert.deepEqual(selectionAtStart(settings({ granularity: '2:4', scope: 'hand', sparsity: [0.5] }), LAYERS), layers(0.5, 0.5));
  assert.deepEqual(selectionAtStart(settings({ granularity: '2:4', sparsity: [0.5] }), LAYERS), fraction(0.5));
});

test('going back to a state asks for no more than is cut there, by every method', () => {
  const { ranking } = byWeights(7, 172, 61);
  const held = cut(ranking, LAYERS, fraction(0));
  const point = { sparsity: held.sparsity, kept: held.kept };
  for (const changed of [settings({}), hand]) {
    const now = cut(ranking, LAYERS, selectionOf(changed, point, LAYERS));
    assert.equal(now.pruned, 61);
  }
  assert.deepEqual(selectionOf(settings({ granularity: 'filter' }), point, LAYERS), fraction(0));
  assert.deepEqual(selectionOf(settings({ scope: 'layer' }), point, LAYERS), fraction(0));
});

test('a share stays a share under another criterion, scope or granularity', () => {
  const { ranking: scores } = byWeights(3, 172);
  const state = { settings: settings({}), selection: fraction(0.42), scores, layers: LAYERS };
  for (const method of [{ ...METHOD, criterion: 'fpgm', granularity: 'filter' }, { ...METHOD, scope: 'layer' }]) {
    assert.deepEqual(selectionUnder(method, state), fraction(0.42));
  }
});

test('a threshold, which means nothing to another score, becomes the share that it cut', () => {
  const { ranking: scores } = byWeights(3, 172);
  const selection = { by: 'threshold', value: 0.3 };
  const { units } = cut(scores, LAYERS, selection);
  const after = selectionUnder({ ...METHOD, criterion: 'taylor' }, { settings: settings({}), selection, scores, layers: LAYERS });
  assert.deepEqual(after, fraction(units / 172));
});

test('by hand begins with what is cut of each layer, of filters too', () => {
  const ranked = byLayer(5, LAYERS);
  const state = { settings: hand, selection: fraction(0.25), scores: ranked, layers: LAYERS };
  assert.deepEqual(selectionUnder(METHOD, state), layers(0.25, 0.25));
  const filters = byFilters(5, [4, 6]);
  const before = cut(filters.ranking, filters.layers, fraction(0.5));
  const after = selectionUnder(filters.ranking.method, { settings: hand, selection: fraction(0.5), scores: filters.ranking, layers: filters.layers });
  assert.deepEqual([...cut(filters.ranking, filters.layers, after).gone], [...before.gone]);
  assert.equal(after.value[2], 0);
});

test('from weights to fours and back as much stays cut, as far as fours reach, over all layers and by hand', () => {
  const { ranking: scores } = byWeights(3, 172);
  const two = { ...METHOD, granularity: '2:4' };
  const at = (value, changes = {}) => selectionUnder(two, { settings: settings({ granularity: '2:4', ...changes }), selection: fraction(value), scores, layers: LAYERS });
  assert.deepEqual(at(0.25), fraction(0.5));
  assert.deepEqual(at(0.75), fraction(1));
  const { kept } = cut(scores, LAYERS, fraction(0.25));
  assert.deepEqual(at(0.25, { scope: 'hand' }), layers(2 * (1 - kept[0] / 72), 2 * (1 - kept[1] / 100)));
  const fours = byFours(3, [6, 5]);
  const back = (changes, selection) => selectionUnder(METHOD, { settings: settings(changes), selection, scores: fours.ranking, layers: fours.layers });
  assert.deepEqual(back({}, fraction(1)), fraction(22 / 53));
  assert.deepEqual(back({ scope: 'hand' }, layers(0, 0.5, 1)), layers(0, 0.25, 0.5));
  // Under another score fours stay fours.
  const again = selectionUnder({ ...two, criterion: 'taylor' }, { settings: settings({ granularity: '2:4' }), selection: fraction(0.3), scores: fours.ranking, layers: fours.layers });
  assert.deepEqual(again, fraction(0.3));
});

test('a hundred steps of 1% end at exactly 100%, for one slider, all of them or one of them', () => {
  const now = { units: 0, unitsTotal: 172 };
  const far = (from, layer) => Array.from({ length: 100 }).reduce((selection) => nudged(selection, now, 0.01, layer), from);
  assert.deepEqual(far(fraction(0)), fraction(1));
  assert.deepEqual(far(layers(0, 0.5)), layers(1, 1));
  assert.deepEqual(far(layers(0, 0.5), 0), layers(1, 0.5));
  assert.deepEqual(nudged({ by: 'threshold', value: 3 }, { units: 86, unitsTotal: 172 }, -0.05), fraction(0.45));
  assert.deepEqual(everywhere(layers(0, 0.5), 0.3), layers(0.3, 0.3));
  assert.deepEqual(withLayer(layers(0, 0.5), 1, 0.3), layers(0, 0.3));
});
