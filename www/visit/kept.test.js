import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults, runConfig } from '../model/settings.js';
import { initialState } from '../state/store.js';
import { fromRecord, stateToKeep, toRecord } from './kept.js';

const NOW = Date.UTC(2026, 4, 1);
const method = { criterion: 'magnitude', scope: 'global', granularity: 'weight', scoreBatch: 256, spareClassifier: false, neverEmpty: false };
const test97 = { loss: 0.1, accuracy: 0.97, samples: 360 };
const checkpoint = new Uint8Array(64);
checkpoint[0] = 40;
const point = { kind: 'pruned', step: 120, sparsity: 0.5, threshold: 0.1, method, kept: [36, 576, 320], total: 1864, test: test97 };
const kept = { savedAt: NOW - 1000, settings: { ...defaults(), seed: 7 }, step: 120, accuracy: 0.97, sparsity: 0.5, checkpoint, dense: test97, point };

test('what is kept comes back as it was', () => {
  assert.deepEqual(fromRecord(structuredClone(toRecord(kept)), NOW), kept);
  const normalised = { ...kept, point: { ...point, method: { ...method, granularity: 'filter', normalise: true } } };
  assert.deepEqual(fromRecord(structuredClone(toRecord(normalised)), NOW), normalised);
  const large = { ...kept, checkpoint: new Blob([checkpoint]) };
  assert.deepEqual(fromRecord(structuredClone(toRecord(large)), NOW).checkpoint.size, 64);
  const midway = { ...kept, point: null, dense: null };
  assert.deepEqual(fromRecord(structuredClone(toRecord(midway)), NOW), midway);
});

test('a record that is damaged in any field is none', () => {
  const whole = toRecord(kept);
  const damaged = [
    null, undefined, 7, 'text', [], {}, { ...whole, version: 2 }, { ...whole, savedAt: 'yesterday' }, { ...whole, savedAt: NOW + 1e9 },
    { ...whole, settings: 7 }, { ...whole, settings: '#seed=-1' }, { ...whole, settings: '#colour=red' }, { ...whole, step: -1 }, { ...whole, step: 1.5 },
    { ...whole, accuracy: NaN }, { ...whole, accuracy: 2 }, { ...whole, sparsity: '0.5' }, { ...whole, checkpoint: [1, 2, 3] },
    { ...whole, checkpoint: new Uint8Array(4) }, { ...whole, checkpoint: new Blob([]) }, { ...whole, checkpoint: new Uint8Array(64) }, { ...whole, checkpoint: checkpoint.subarray(0, 40) },
    { ...whole, dense: { accuracy: 1 } }, { ...whole, point: undefined }, { ...whole, point: { ...point, step: 119 } }, { ...whole, point: { ...point, kind: 'odd' } },
    { ...whole, point: { ...point, kept: [2000] } }, { ...whole, point: { ...point, kept: 'many' } }, { ...whole, point: { ...point, method: { ...method, criterion: 'x' } } },
    { ...whole, point: { ...point, test: null } }, { ...whole, point: { ...point, method: { ...method, normalise: 1 } } },
  ];
  damaged.forEach((record, i) => assert.equal(fromRecord(record, NOW), null, String(i)));
});

const saved = (measured) => ({ ...measured, id: 9, coreId: 3, first: measured.test, checkpoint });
function state(changes) {
  return { ...initialState(defaults()), config: runConfig(defaults()), checkpoint: { bytes: checkpoint, step: 120 }, evaluated: { train: test97, test: test97 }, ...changes };
}
const theirs = () => true;

test('at rest the state in hand is kept, with its figures', () => {
  const at = state({ points: [saved(point)], currentPoint: 9, dense: test97 });
  const { settings, ...rest } = stateToKeep(at, theirs);
  assert.deepEqual(rest, { step: 120, sparsity: 0.5, accuracy: 0.97, checkpoint, dense: test97, point });
  assert.deepEqual(settings, defaults());
});

test('fresh weights, a run that is only asked for, and what nobody made are not kept', () => {
  const fresh = { ...point, kind: 'dense', step: 0, sparsity: 0 };
  assert.equal(stateToKeep(state({ points: [saved(fresh)], currentPoint: 9 }), theirs), null);
  assert.equal(stateToKeep(state({ points: [saved(point)], currentPoint: 9, pending: { runId: 2, kind: 'fresh', point: null, files: [] } }), theirs), null);
  assert.equal(stateToKeep(state({ points: [saved(point)], currentPoint: 9 }), () => false), null);
  assert.equal(stateToKeep(initialState(defaults()), theirs), null);
});

test('in training the last checkpoint is kept, unless it is from before', () => {
  const training = { activity: 'training', currentPoint: null };
  assert.equal(stateToKeep(state(training), theirs)?.point, null);
  assert.equal(stateToKeep(state(training), theirs)?.step, 120);
  assert.equal(stateToKeep(state({ ...training, points: [saved(point)] }), theirs), null);
  assert.equal(stateToKeep(state({ ...training, activity: 'idle' }), theirs), null);
});
