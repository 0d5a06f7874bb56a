import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asking } from '../../tests/support/asking.js';
import { Latest } from './latest.js';

/** Questions about letters, and who answers them. */
function scene() {
  const made = asking();
  const taken = [];
  let freed = 0;
  const latest = new Latest(() => { freed += 1; });
  const ask = (key, how) => latest.ask([key], () => made.gate.ask({ type: 'preview' }), (messages, command) => taken.push([key, command]), how);
  return { ...made, latest, taken, ask, freed: () => freed };
}

test('one question is under way, none is put twice, and who has to ask is told when the next may come', async () => {
  const { ask, answer, taken, freed, sent } = scene();
  ask('a');
  assert.equal(ask('b'), null);
  await answer(1, { type: 'previewed' });
  assert.deepEqual([taken, freed()], [[['a', 1]], 1]);
  assert.equal(ask('a'), null);
  ask('b');
  assert.equal(sent.length, 2);
});

test('an answer to what counts no more is dropped', async () => {
  const { ask, answer, taken, latest } = scene();
  ask('a');
  ask('b', { replace: true });
  await answer(1, { type: 'previewed' });
  assert.deepEqual([taken, latest.busy], [[], true]);
  latest.reset();
  await answer(2, { type: 'previewed' });
  assert.deepEqual([taken, latest.busy], [[], false]);
});

test('what failed is not asked again, what was given up or lost is', async () => {
  const { ask, fail, gate, sent, latest } = scene();
  ask('a');
  await fail(1, 'device');
  assert.equal(latest.busy, false);
  assert.equal(ask('a'), null);
  ask('b');
  await fail(2, 'cancelled');
  ask('b');
  gate.lost();
  await new Promise(setImmediate);
  ask('b');
  assert.equal(sent.length, 4);
});
