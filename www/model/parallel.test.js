import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf, sharesOf, shownTime } from './parallel.js';
import { defaults } from './settings.js';

test('the default is to train alone, and without a bound none is sent', () => {
  assert.deepEqual(planOf(defaults()), { workers: 1, asynchronous: false, staleness: 2, gradientShare: 1, straggler: 1, megabits: 0 });
  assert.equal('staleness' in planOf({ ...defaults(), staleness: -1 }), false);
  assert.equal(planOf({ ...defaults(), exchange: 'asynchronous' }).asynchronous, true);
});

const told = (spans) => ({ lanes: [{ spans, staleness: 0 }], now: 100 });

test('what is neither computing nor sending is waiting', () => {
  const workers = told([{ kind: 'send', from: 0, to: 10 }, { kind: 'compute', from: 10, to: 60 }]);
  assert.deepEqual(shownTime(workers), { from: 0, to: 100 });
  assert.deepEqual(sharesOf(workers, 0), { compute: 0.5, send: 0.1, wait: 0.4 });
  assert.deepEqual(shownTime(told([])), { from: 100, to: 100 });
  assert.deepEqual(sharesOf(told([]), 0), { compute: 0, send: 0, wait: 1 });
  const two = { ...workers, lanes: [...workers.lanes, { spans: [{ kind: 'compute', from: 50, to: 100 }], staleness: 1 }] };
  assert.deepEqual(sharesOf(two, 1), { compute: 1, send: 0, wait: 0 });
  assert.deepEqual(sharesOf(two, 0), { compute: 0.2, send: 0, wait: 0.8 });
});
