import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEPT, ageOf, lastStep } from './cut-age.js';

test('the scale of cuts goes from step 0 to the step in hand', () => {
  const cutAt = Uint32Array.of(20, KEPT, 35);
  assert.equal(lastStep(cutAt, 100), 100);
  assert.deepEqual(Array.from(cutAt, (at) => ageOf(at, 100)), [0.2, null, 0.35]);
});

test('a rewound network shows its cuts on a scale up to the last of them', () => {
  const cutAt = Uint32Array.of(30, 60, KEPT);
  assert.equal(lastStep(cutAt, 0), 60);
  assert.deepEqual(Array.from(cutAt, (at) => ageOf(at, 60)), [0.5, 1, null]);
});

test('a network cut before any training has all its cuts at the beginning', () => {
  const cutAt = Uint32Array.of(0, KEPT);
  assert.equal(lastStep(cutAt, 0), 0);
  assert.equal(ageOf(0, 0), 0);
});
