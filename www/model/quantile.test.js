import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile } from './quantile.js';

test('a quantile is one of the values, in whatever order they are, and of none it is not a number', () => {
  const values = [10, 9, 2, 1, 30];
  assert.deepEqual([0, 0.25, 0.5, 0.95, 1].map((q) => quantile(values, q)), [1, 2, 9, 30, 30]);
  assert.equal(quantile([4, 1], 0.5), 4);
  assert.ok(Number.isNaN(quantile([], 0.5)));
  assert.deepEqual(values, [10, 9, 2, 1, 30]);
});
