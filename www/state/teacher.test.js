import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults, runConfig } from '../model/settings.js';
import { isEarlierNetwork, teacherFor, teacherOf } from './teacher.js';

const CONFIG = { ...runConfig(defaults()), widths: [8, 16] };
const NARROW = { ...CONFIG, widths: [4, 8] };
const point = (id, kind, step, accuracy = 0.5) => ({ id, kind, step, test: { accuracy }, checkpoint: Uint8Array.of(id) });
const state = (points, changes = {}) => ({ config: CONFIG, points, teacher: null, held: 0, ...changes });
const WIDE = { checkpoint: Uint8Array.of(99), network: 'two-conv', widths: [64, 128], step: 900, accuracy: 0.97 };
const idOf = (teacher) => teacher?.checkpoint[0] ?? null;

test('the teacher of a network of its own is the dense state that was trained longest, of several the latest', () => {
  assert.equal(teacherOf(state([point(1, 'dense', 0), point(2, 'fine-tuned', 90)])), null);
  const points = [point(1, 'dense', 80), point(2, 'dense', 80), point(3, 'dense', 40, 0.9), point(4, 'pruned', 90)];
  assert.deepEqual(teacherOf(state(points)), { checkpoint: Uint8Array.of(2), network: 'two-conv', widths: [8, 16], step: 80, accuracy: 0.5 });
});

test('when only the widths change, the best dense state of the network before is kept to teach', () => {
  const before = state([point(1, 'dense', 0, 0.1), point(2, 'dense', 80, 0.9), point(3, 'dense', 90, 0.8), point(4, 'fine-tuned', 99, 0.95)]);
  assert.deepEqual(teacherFor(before, { ...NARROW, seed: 7 }), { checkpoint: Uint8Array.of(2), network: 'two-conv', widths: [8, 16], step: 80, accuracy: 0.9 });
  for (const change of [{ dataset: 'shapes' }, { noise: 0.9 }, { trainLimit: 100 }]) assert.equal(teacherFor(before, { ...NARROW, ...change }), null);
  assert.equal(teacherFor(state([point(1, 'dense', 0, 0.1)]), NARROW), null, 'an untrained network teaches nothing');
  assert.equal(teacherFor({ ...before, config: null, points: [] }, NARROW), null);
});

test('a teacher stays through a reset, and until a network of other widths does as well', () => {
  assert.equal(teacherFor(state([point(1, 'dense', 80, 0.9)], { teacher: WIDE }), CONFIG), WIDE);
  assert.equal(teacherFor(state([point(1, 'dense', 80, 0.9)], { teacher: WIDE }), NARROW), WIDE);
  assert.equal(idOf(teacherFor(state([point(1, 'dense', 80, 0.98)], { teacher: WIDE }), NARROW)), 1);
});

test('a network trained from scratch learns from the one before it, and never from itself; cut, from its own dense state', () => {
  const scratch = state([point(1, 'dense', 0), point(2, 'dense', 300)], { teacher: WIDE });
  assert.equal(teacherOf(scratch), WIDE);
  assert.ok(isEarlierNetwork(teacherOf(scratch), scratch));
  const cut = { ...scratch, held: 5 };
  assert.equal(idOf(teacherOf(cut)), 2);
  assert.ok(!isEarlierNetwork(teacherOf(cut), cut));
  assert.equal(teacherOf({ ...cut, points: [point(1, 'dense', 0)] }), WIDE);
  assert.ok(!isEarlierNetwork(null, { teacher: null }));
});
