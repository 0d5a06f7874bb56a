import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults } from '../model/settings.js';
import { initialState, reduce } from '../state/store.js';
import { errorsBetween, eventsBetween } from './events.js';

const METHOD = { criterion: 'magnitude', scope: 'global', granularity: 'weight', scoreBatch: 256, spareClassifier: false, neverEmpty: false };
const loading = initialState(defaults());
const metrics = (accuracy, samples = 100) => ({ loss: 1, accuracy, samples });

/** As it is after the first report of a run. */
const ready = {
  ...loading,
  phase: 'ready',
  config: {},
  backend: { backend: 'cpu' },
  scores: { masks: new Uint8Array([1, 1, 0, 0]), alreadyCut: 2, method: METHOD },
  held: 2,
  layers: [{ weights: 4 }],
  evaluated: { train: metrics(0.5), test: metrics(0.4) },
};

test('ready is told when there is a network that can be trained, with its backend and data', () => {
  const [event] = eventsBetween(loading, ready);
  assert.deepEqual(event, { type: 'ready', detail: { backend: 'cpu', dataset: 'digits' } });
  assert.deepEqual(eventsBetween(ready, ready), []);
});

test('a step of training gives the metrics of the network as it is', () => {
  const trained = { ...ready, activity: 'training', training: { ...ready.training, step: 5, epoch: 0.1, loss: 2 } };
  assert.deepEqual(eventsBetween(ready, trained), [{
    type: 'metrics', detail: { activity: 'training', step: 5, epoch: 0.1, loss: 2, accuracy: 0.4, samples: 100, sparsity: 0.5 },
  }]);
});

test('a new measurement without a step gives metrics too', () => {
  const measured = { ...ready, evaluated: { train: metrics(0.6), test: metrics(0.7, 500) } };
  assert.deepEqual(eventsBetween(ready, measured).map(({ type, detail }) => [type, detail.accuracy, detail.samples]), [['metrics', 0.7, 500]]);
});

test('each pruned state is told once, a dense one never', () => {
  const point = (id, kind) => ({ id, kind, step: 3, sparsity: 0.5, threshold: 0.01, kept: [1, 1], total: 4, test: metrics(0.8) });
  const before = { ...ready, points: [point(1, 'dense'), point(2, 'pruned')] };
  const after = { ...before, points: [...before.points, point(3, 'pruned'), point(4, 'fine-tuned')] };
  assert.deepEqual(eventsBetween(before, after), [{
    type: 'pruned', detail: { step: 3, sparsity: 0.5, threshold: 0.01, kept: 2, total: 4, accuracy: 0.8, samples: 100 },
  }]);
  assert.deepEqual(eventsBetween(after, { ...after, points: after.points.map((each) => ({ ...each, test: metrics(0.9) })) }), []);
});

test('a failure of the core is an error with its code, also when it comes again', () => {
  const fail = (state) => reduce(state, { type: 'message', message: { runId: 1, revision: 0, command: 3, event: { type: 'error', code: 'diverged', message: 'NaN' }, bulk: {} } });
  const once = fail(loading);
  assert.deepEqual(eventsBetween(loading, once), [{ type: 'error', detail: { code: 'diverged', message: 'NaN' } }]);
  assert.equal(eventsBetween(once, fail(once)).length, 1);
  assert.deepEqual(eventsBetween(once, once), []);
});

test('settings that are rejected and a dead worker are errors; that something was restored is none', () => {
  const notice = (key, values) => reduce(loading, { type: 'notice', tone: 'warning', key, values });
  assert.deepEqual(errorsBetween(loading, notice('setting-rejected', { settings: 'seed=x' })), [{ code: 'setting-rejected', message: 'seed=x' }]);
  assert.deepEqual(errorsBetween(loading, notice('worker-died', { message: 'gone' })), [{ code: 'worker-died', message: 'gone' }]);
  assert.deepEqual(errorsBetween(loading, notice('worker-restored', { step: '3' })), []);
  assert.deepEqual(errorsBetween(loading, notice('device-lost', {})).map(({ code }) => code), ['worker-died']);
  for (const kind of ['worker-dead', 'out-of-memory', 'load-failed', 'unsupported']) {
    const dead = reduce(loading, { type: 'trouble', trouble: { kind, values: { message: 'why' } } });
    assert.deepEqual(errorsBetween(loading, dead), [{ code: kind, message: 'why' }]);
    assert.deepEqual(errorsBetween(dead, dead), []);
  }
});
