import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeNext } from './queue.js';

const entry = (type, request) => ({ command: { type, request } });

test('commands are taken in the order in which they came', () => {
  const queue = [entry('run'), entry('step'), entry('pause')];
  assert.deepEqual([1, 2, 3, 4].map(() => takeNext(queue)?.command.type), ['run', 'step', 'pause', undefined]);
});

test('of several previews only the latest is taken, and no other command is lost', () => {
  const queue = [entry('preview', 1), entry('pause'), entry('preview', 2), entry('preview', 3), entry('prune')];
  const taken = [];
  for (let next = takeNext(queue); next; next = takeNext(queue)) taken.push(next.command);
  assert.deepEqual(taken.map(({ type, request }) => request ?? type), ['pause', 3, 'prune']);
});
