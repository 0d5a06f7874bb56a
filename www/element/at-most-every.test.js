import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atMostEvery } from './at-most-every.js';

test('the first call goes through at once, of those that follow the last, in its time', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const log = [];
  const thin = atMostEvery(1000, (value) => log.push(value));
  [1, 2, 3].forEach((value) => thin.call(value));
  assert.deepEqual(log, [1]);
  context.mock.timers.tick(1000);
  assert.deepEqual(log, [1, 3]);
});

test('what still waits can be called off', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const log = [];
  const thin = atMostEvery(1000, (value) => log.push(value));
  [1, 2].forEach((value) => thin.call(value));
  thin.cancel();
  context.mock.timers.tick(5000);
  assert.deepEqual(log, [1]);
});
