import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults } from '../model/settings.js';
import { enabled } from './enabled.js';
import { initialState } from './store.js';

const METHOD = { criterion: 'magnitude', scope: 'global', granularity: 'weight', scoreBatch: 256, spareClassifier: false, neverEmpty: false };
const at = (changes) => /** @type {any} */ ({ ...initialState(defaults()), config: {}, scores: { method: METHOD }, ...changes });
const cut = /** @type {any} */ ({ pruned: 5, alreadyCut: 2 });
const on = (state, of = cut) => Object.entries(enabled(state, of)).filter(([, may]) => may).map(([name]) => name);

test('nothing can be pressed that the phase does not allow', () => {
  assert.deepEqual(on(at({ phase: 'loading' })), []);
  assert.deepEqual(on(at({ phase: 'restarting' })), []);
  assert.deepEqual(on(at({ phase: 'dead' })), ['reset']);
  assert.deepEqual(on(at({ phase: 'ready', config: null })), ['open']);
});

test('with a network everything can be done, but for what would do nothing', () => {
  assert.deepEqual(on(at({ phase: 'ready', held: 2 })), ['run', 'reset', 'prune', 'fineTune', 'follow', 'goBack', 'setLayer', 'save', 'open', 'meter']);
  assert.deepEqual(on(at({ phase: 'ready', held: 0 }), { pruned: 2, alreadyCut: 2 }), ['run', 'reset', 'follow', 'goBack', 'setLayer', 'save', 'open', 'meter']);
  assert.ok(!enabled(at({ phase: 'ready', held: 2, activity: 'fine-tuning' }), cut).fineTune);
  assert.ok(!enabled(at({ phase: 'ready', pending: {} }), cut).follow);
});

test('while the weights are being scored by another method, nothing is cut by the one before', () => {
  const scoring = enabled(at({ phase: 'ready', held: 2, settings: { ...defaults(), criterion: 'taylor' } }), cut);
  assert.deepEqual([scoring.prune, scoring.fineTune, scoring.meter, scoring.run], [false, false, false, true]);
});
