import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECIPES } from '../model/recipes.js';
import { SETTINGS, defaults, parse, format, setting } from '../model/settings.js';
import { callsFor, opening } from './scenario.js';
import { SCENARIOS } from './scenarios.js';

/** A fresh network at rest. */
const fresh = {
  settings: defaults(), phase: 'ready', activity: 'idle', dataset: { id: 'digits' }, recipe: null,
  step: 0, sparsity: { requested: 0, actual: 0, held: 0 }, points: [],
};
const dense = (id, step) => ({ id, kind: 'dense', step });
const names = (calls) => calls.map(({ what }) => what);

test('whatever is under way is ended before the settings are changed', () => {
  const { cut } = SCENARIOS;
  assert.deepEqual(names(opening(cut, fresh)), ['configure']);
  assert.deepEqual(names(opening(cut, { ...fresh, activity: 'training' })), ['pause', 'configure']);
  assert.deepEqual(names(opening(cut, { ...fresh, activity: 'training', recipe: { done: 1 } })), ['stopRecipe', 'configure']);
  assert.deepEqual(names(opening(cut, { ...fresh, phase: 'dead', dataset: null })), ['reset', 'configure']);
});

test('a data set whose files are awaited gives way to the one in hand, else to the digits', () => {
  const awaiting = { ...fresh, settings: { ...defaults(), dataset: 'cifar-10' } };
  const asked = (now) => opening(SCENARIOS.why, now)[0].settings.dataset;
  assert.equal(asked({ ...awaiting, dataset: { id: 'shapes' } }), 'shapes');
  assert.equal(asked({ ...awaiting, dataset: null }), 'digits');
  assert.equal(asked({ ...awaiting, dataset: { id: 'cifar-10' } }), undefined);
  assert.equal(asked({ ...fresh, dataset: null }), undefined);
});

test('a network is trained only where there is none that has been trained enough', () => {
  const train = (now) => callsFor({ train: 800 }, { ...fresh, ...now });
  const held = { requested: 0.5, actual: 0.5, held: 0.5 };
  assert.deepEqual(train({ step: 800 }), []);
  assert.deepEqual(train({ step: 799 }), [{ what: 'until', step: 800 }]);
  assert.deepEqual(train({ step: 900, sparsity: held, points: [dense(1, 0), dense(2, 850), dense(3, 400)] }), [{ what: 'restore', id: 2 }]);
  assert.deepEqual(train({ step: 10, points: [dense(1, 850)] }), [{ what: 'restore', id: 1 }]);
  assert.deepEqual(names(train({ step: 900, sparsity: held, points: [dense(1, 0)] })), ['reset', 'until']);
});

test('each step but training is one call', () => {
  assert.deepEqual(callsFor({ sparsity: 0.3 }, fresh), [{ what: 'setSparsity', fraction: 0.3 }]);
  assert.deepEqual(callsFor({ prune: true }, fresh), [{ what: 'prune' }]);
  assert.deepEqual(callsFor({ fineTune: true }, fresh), [{ what: 'fineTune' }]);
  assert.deepEqual(callsFor({ follow: 'gradual' }, fresh), [{ what: 'follow', recipe: 'gradual' }]);
});

test('no scenario asks for an impossible setting, or for one that makes earlier states useless', () => {
  const kept = new Set(SETTINGS.filter(({ shape }) => !shape).map(({ name }) => name));
  for (const [name, { settings, then }] of Object.entries(SCENARIOS)) {
    for (const [key, value] of Object.entries(settings)) {
      assert.ok(kept.has(key), `${name}: ${key}`);
      assert.deepEqual(parse(setting(key), format(value)), value, `${name}: ${key}`);
    }
    assert.ok(then.length > 0, name);
    for (const step of then) if ('follow' in step) assert.ok(step.follow in RECIPES, step.follow);
  }
});
