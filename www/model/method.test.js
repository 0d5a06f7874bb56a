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
