import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restsUnseen } from './attention.js';

test('unseen, training without an end rests', () => {
  assert.equal(restsUnseen({ activity: 'training', recipe: null }), true);
  assert.equal(restsUnseen({ activity: 'training', recipe: { name: '', done: 0, total: 3, state: 'paused' } }), true);
});

test('unseen, what ends by itself goes on', () => {
  assert.equal(restsUnseen({ activity: 'fine-tuning', recipe: null }), false);
  assert.equal(restsUnseen({ activity: 'training', recipe: { name: '', done: 0, total: 3, state: 'running' } }), false);
  assert.equal(restsUnseen({ activity: 'idle', recipe: null }), false);
});
