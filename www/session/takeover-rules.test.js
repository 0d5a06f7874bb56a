import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults, runConfig } from '../model/settings.js';
import { initialState } from '../state/store.js';
import { MARGIN, isMovable, maySucceed, nameOfWork, shouldTakeOver, speedOf } from './takeover-rules.js';

const HARDWARE = { api: true, adapter: true, software: false, timestampQuery: true };

test('WebGPU takes over only where it is faster by a margin', () => {
  assert.ok(shouldTakeOver({ cpuMs: 12, gpuMs: 10 }));
  assert.ok(!shouldTakeOver({ cpuMs: 11.9, gpuMs: 10 }));
  assert.ok(!shouldTakeOver({ cpuMs: 2, gpuMs: 5000 }));
  assert.ok(MARGIN > 1);
});

test('neither a software adapter is tried nor one that lacks something', () => {
  assert.ok(maySucceed(HARDWARE));
  assert.ok(!maySucceed({ ...HARDWARE, software: true }));
  for (const fact of ['api', 'adapter', 'timestampQuery']) assert.ok(!maySucceed({ ...HARDWARE, [fact]: false }), fact);
});

test('a session is moved in training or on a state of the page, and never out of something that ends by itself', () => {
  const training = { ...initialState(defaults()), phase: 'ready', config: runConfig(defaults()), activity: 'training' };
  assert.ok(isMovable(training));
  assert.ok(isMovable({ ...training, activity: 'idle', currentPoint: 3 }));
  for (const change of [
    { activity: 'idle' }, { activity: 'fine-tuning' }, { phase: 'restarting' }, { config: null }, { awaitingFiles: 'mnist' },
    { pending: { runId: 2, kind: 'back', point: null, files: [] } }, { recipe: { name: 'a', done: 1, total: 2, state: 'running' } },
  ]) {
    assert.ok(!isMovable({ ...training, ...change }), JSON.stringify(change));
  }
});

test('what was measured holds for the same network, batch and data', () => {
  const config = runConfig(defaults());
  assert.equal(nameOfWork({ ...config, seed: 9, learningRate: 0.1 }), nameOfWork(config));
  for (const change of [{ widths: [8, 17] }, { batch: 64 }, { dataset: 'shapes' }]) assert.notEqual(nameOfWork({ ...config, ...change }), nameOfWork(config));
});

test('the speed is the median of the slices, where there are enough of them', () => {
  const trained = (imagesPerSecond) => ({ event: { type: 'trained', imagesPerSecond } });
  const samples = speedOf.samples([trained(3200), { event: { type: 'saved' } }, trained(6400), trained(0)], { batch: 32 });
  assert.deepEqual(samples, [10, 5]);
  assert.equal(speedOf.median([900, 5, 6], 3), 6);
  assert.equal(speedOf.median([900, 5], 3), null);
  assert.equal(speedOf.median([], 0), null);
});
