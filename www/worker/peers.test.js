import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Client } from './client.js';
import { createPeers } from './peers.js';

/** @type {Started[]} */
let started = [];

/** A worker that does as it is told: what a browser blocks can't be had at will. */
class Started {
  /** @type {(event: {data: object}) => void} */
  onmessage = () => {};
  ended = false;
  constructor() { started.push(this); }
  postMessage() {}
  terminate() { this.ended = true; }
  /** @param {object} data */
  says(data) { this.onmessage({ data }); }
}

beforeEach(() => {
  started = [];
  mock.timers.enable({ apis: ['setTimeout'] });
  Object.assign(globalThis, { Worker: Started, location: { origin: 'null' } });
});
afterEach(() => {
  mock.timers.reset();
  Reflect.deleteProperty(globalThis, 'Worker');
  Reflect.deleteProperty(globalThis, 'location');
});

test('workers start one after the other, also after one that is lost or no longer wanted', async () => {
  /** @type {boolean[]} */
  const told = [];
  const peers = createPeers(Promise.resolve(null), (starts) => told.push(starts));
  peers.resize(4);
  assert.equal(started.length, 1);
  assert.deepEqual(told, [true, false]);
  started[0].says({ kind: 'progress', loaded: 1, total: 2 });
  assert.equal(started.length, 1);
  started[0].says({ kind: 'backend' });
  assert.equal(started.length, 2);
  assert.deepEqual(await peers.next(0), { worker: 0, what: 'ready', answer: undefined });
  started[1].says({ kind: 'died', message: '', cause: 'failed' });
  assert.equal(started.length, 3);
  peers.resize(1);
  assert.ok(started[2].ended && !started[0].ended);
  peers.replace(0);
  assert.ok(started[0].ended);
  assert.equal(started.length, 4);
  started[3].says({ kind: 'backend' });
  assert.equal(started.length, 4);
});

test('one that never answers is lost, and the next starts', async () => {
  const peers = createPeers(Promise.resolve(null), () => {});
  peers.resize(2);
  mock.timers.tick(60_000);
  assert.equal(started.length, 2);
  assert.equal((await peers.next(0))?.what, 'hang');
});

test('a worker that does not come back from starting another is dead', () => {
  /** @type {object[]} */
  const heard = [];
  const client = new Client((message) => heard.push(message));
  client.start('cpu', { module: Promise.resolve(null) });
  const [worker] = started;
  worker.says({ kind: 'starting', starts: true });
  worker.says({ kind: 'starting', starts: false });
  mock.timers.tick(60_000);
  assert.deepEqual(heard, []);
  worker.says({ kind: 'starting', starts: true });
  mock.timers.tick(60_000);
  assert.deepEqual(heard, [{ kind: 'died', message: '', cause: 'gone' }]);
  assert.ok(worker.ended);
});
