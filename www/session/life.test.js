import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Life, following, phaseOf } from './life.js';

const STAGES = ['unstarted', 'starting', 'ready', 'moving', 'leaving', 'restarting', 'dead'];
const TURNS = ['start', 'recover', 'begin', 'move', 'settle', 'leave', 'end'];

test('a session can always be ended, and from its end be started again', () => {
  for (const stage of STAGES.filter((each) => each !== 'dead')) assert.equal(following(stage, 'end'), 'dead', stage);
  assert.deepEqual(TURNS.map((turn) => following('dead', turn)), ['starting', 'restarting', null, null, null, null, null]);
});

test('it moves only when it is ready, and recovers from wherever a worker can die with a network', () => {
  assert.deepEqual(STAGES.filter((stage) => following(stage, 'move')), ['ready']);
  assert.deepEqual(STAGES.filter((stage) => following(stage, 'recover')), ['ready', 'moving', 'leaving', 'restarting', 'dead']);
});

test('the phase of the page follows from the stage, and a session on its way is as usable as one at rest', () => {
  assert.deepEqual(STAGES.map(phaseOf), ['loading', 'loading', 'ready', 'ready', 'ready', 'restarting', 'dead']);
});

test('a browser that can not is not started again', () => {
  const told = [];
  const life = new Life(({ stage }) => told.push(stage));
  assert.equal(life.go('end', { kind: 'unsupported', values: {} }), true);
  assert.equal(life.go('start'), false);
  assert.deepEqual(told, ['dead']);
});
