import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFormat } from './format.js';

test('a time of today or yesterday is told by that, an earlier one by its date', () => {
  const now = new Date(2026, 4, 2, 0, 30).getTime();
  const at = (/** @type {number[]} */ ...parts) => new Date(2026, ...parts).getTime();
  const en = createFormat('en');
  assert.match(en.when(at(4, 2, 0, 10), now), /^Today 12:10\sAM$/u);
  assert.match(en.when(at(4, 1, 18, 2), now), /^Yesterday 6:02\sPM$/u);
  assert.match(en.when(at(3, 30, 18, 2), now), /^Apr 30, 2026, 6:02\sPM$/u);
  assert.match(createFormat('zh-CN').when(at(4, 1, 18, 2), now), /^昨天 18:02$/u);
});

test('a loss is short, however small or large', () => {
  const { loss } = createFormat('en');
  assert.deepEqual([2.3026, 0.4594, 0.0902, 0.00796, 0, 12.345, 31_415.9].map(loss), ['2.30', '0.459', '0.090', '0.008', '0.000', '12.3', '3.1e+4']);
});

test('a count of millions is written in short', () => {
  const { count } = createFormat('en');
  assert.deepEqual([0, 999_999, 1_720_397, 4_300_992].map(count), ['0', '999,999', '1.72M', '4.30M']);
});
