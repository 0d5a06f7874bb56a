import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compatible, methodOf, sameMethod, withMethod } from './method.js';
import { defaults, setting } from './settings.js';

const settings = (changes) => ({ ...defaults(), ...changes });

test('whatever is chosen, the core is never asked for a score of filters while weights are cut', () => {
  const { choices } = setting('criterion');
  for (const before of [settings({}), settings({ criterion: 'fpgm', granularity: 'filter' })]) {
    for (const criterion of choices) {
      for (const granularity of setting('granularity').choices) {
        const { settings: after } = compatible(settings({ criterion, granularity }), before);
        const ofFilters = ['filter-l1', 'filter-l2', 'fpgm', 'activation'].includes(after.criterion);
        assert.ok(!ofFilters || after.granularity === 'filter', `${criterion} ${granularity}`);
      }
    }
  }
});

test('the choice made last is kept, the other follows, and the page says so', () => {
  const weights = settings({});
  const byFilter = compatible({ ...weights, criterion: 'filter-l2' }, weights);
  assert.deepEqual([byFilter.settings.criterion, byFilter.settings.granularity, byFilter.notice], ['filter-l2', 'filter', 'granularity-follows']);
  for (const granularity of ['weight', '2:4']) {
    const back = compatible({ ...byFilter.settings, granularity }, byFilter.settings);
    assert.deepEqual([back.settings.criterion, back.settings.granularity, back.notice], ['magnitude', granularity, 'criterion-follows']);
  }
  assert.equal(compatible(weights, weights).notice, null);
  assert.equal(compatible(settings({ criterion: 'fpgm' })).settings.granularity, 'filter');
});

test('layers cut by hand are ranked together', () => {
  assert.equal(methodOf(settings({ scope: 'hand' })).scope, 'global');
  assert.ok(sameMethod(methodOf(settings({ scope: 'hand' })), methodOf(settings({}))));
  assert.ok(!sameMethod(methodOf(settings({ 'score-batch': 1 })), methodOf(settings({}))));
});

test('settings taken from a method give that method again', () => {
  const changed = settings({ criterion: 'grasp', scope: 'layer', 'score-batch': 7, 'spare-classifier': true, 'never-empty': true });
  assert.deepEqual(withMethod(settings({}), methodOf(changed)), changed);
  assert.equal(withMethod(settings({ scope: 'hand' }), methodOf(settings({}))).scope, 'hand');
});

test('filters are ranked layer by layer and all else over all layers, until another scope is chosen', () => {
  const weights = settings({});
  const change = (before, changes, chosen = false) => compatible({ ...before, ...changes }, before, chosen).settings;
  const filters = change(weights, { granularity: 'filter' });
  assert.equal(filters.scope, 'layer');
  assert.equal(change(weights, { criterion: 'fpgm' }).scope, 'layer');
  assert.equal(change(filters, { criterion: 'fpgm' }).scope, 'layer');
  assert.equal(change(filters, { granularity: '2:4' }).scope, 'global');
  assert.equal(change(weights, { granularity: '2:4' }).scope, 'global');
  // What was chosen, a moment ago or with it, stays.
  assert.equal(change(weights, { granularity: 'filter' }, true).scope, 'global');
  assert.equal(change(settings({ scope: 'hand' }), { granularity: 'filter' }, true).scope, 'hand');
  // An address says what it means.
  assert.equal(compatible(settings({ granularity: 'filter' })).settings.scope, 'global');
});

test('scores are divided by the mean of their layer only where that means anything', () => {
  const chosen = settings({ normalise: true, granularity: 'filter' });
  assert.equal(methodOf(chosen).normalise, true);
  for (const changes of [{ granularity: 'weight' }, { granularity: '2:4' }, { scope: 'layer' }, { scope: 'hand' }, { normalise: false }]) {
    assert.ok(!('normalise' in methodOf({ ...chosen, ...changes })), JSON.stringify(changes));
  }
  assert.deepEqual(withMethod(settings({}), methodOf(chosen)), chosen);
  assert.ok(!sameMethod(methodOf(chosen), methodOf({ ...chosen, normalise: false })));
  assert.ok(sameMethod({ ...methodOf(settings({})), normalise: false }, methodOf(settings({}))));
});
