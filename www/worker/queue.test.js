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

test('of several pictures to classify only the latest is taken, beside the latest preview', () => {
  const queue = [entry('classify', 1), entry('preview', 2), entry('classify', 3), entry('step'), entry('preview', 4)];
  const taken = [];
  for (let next = takeNext(queue); next; next = takeNext(queue)) taken.push(next.command);
  assert.deepEqual(taken.map(({ type, request }) => request ?? type), [3, 'step', 4]);
});

test('of methods asked for one after the other only the last is ranked by', () => {
  const of = (type, method) => ({ command: { type, method } });
  const queue = [of('set-method', 1), of('set-method', 2), of('prune'), of('set-method', 3), of('set-method', 4)];
  const taken = [takeNext(queue), takeNext(queue), takeNext(queue), takeNext(queue)].map((entry) => entry?.command.method ?? entry?.command.type);
  assert.deepEqual(taken, [2, 'prune', 4, undefined]);
});
