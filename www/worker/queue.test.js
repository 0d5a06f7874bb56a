import assert from 'node:assert/strict';
import { test } from 'node:test';
import { superseded } from './queue.js';

const entry = (type, id) => ({ id, command: { type } });
const names = (queue) => queue.map(({ id, command }) => id ?? command.type);

test('commands are taken in the order in which they came', () => {
  const queue = [entry('run'), entry('step'), entry('pause')];
  assert.deepEqual(superseded(queue), []);
  assert.deepEqual(names(queue), ['run', 'step', 'pause']);
});

test('of several previews only the latest is taken, and no other command is lost', () => {
  const queue = [entry('preview', 1), entry('pause'), entry('preview', 2), entry('preview', 3), entry('prune')];
  assert.deepEqual(names(superseded(queue)), [1, 2]);
  assert.deepEqual(names(queue), ['pause', 3, 'prune']);
});

test('of several pictures to classify only the latest is taken, beside the latest preview', () => {
  const queue = [entry('classify', 1), entry('preview', 2), entry('classify', 3), entry('step'), entry('preview', 4)];
  assert.deepEqual(names(superseded(queue)), [1, 2]);
  assert.deepEqual(names(queue), [3, 'step', 4]);
});

test('of methods asked for one after the other only the last is ranked by', () => {
  const queue = [entry('set-method', 1), entry('set-method', 2), entry('prune'), entry('set-method', 3), entry('set-method', 4)];
  assert.deepEqual(names(superseded(queue)), [1, 3]);
  assert.deepEqual(names(queue), [2, 'prune', 4]);
});

test('whatever is dropped is named, so that nobody waits for it', () => {
  const queue = Array.from({ length: 20 }, (_, id) => entry(['preview', 'classify', 'set-method', 'run'][id % 4], id));
  const all = names([...queue]);
  const dropped = superseded(queue);
  assert.deepEqual([...names(dropped), ...names(queue)].sort((a, b) => a - b), all);
});
