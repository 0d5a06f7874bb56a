import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults } from '../model/settings.js';
import { initialState, reduce } from '../state/store.js';
import en from '../words/words-en.js';
import { carryOut, remedies } from './remedies.js';

const state = (settings = {}) => initialState({ ...defaults(), ...settings });
const ids = (key, of) => remedies(key, of).map(({ id }) => id);

test('out of memory offers what can still be made smaller, and nothing that can not', () => {
  assert.deepEqual(ids('out-of-memory', state({ widths: [64, 128], batch: 64, dataset: 'mnist' })), ['smaller-network', 'fewer-images', 'smaller-batch', 'retry']);
  assert.deepEqual(ids('out-of-memory', state()), ['retry']);
});

test('after a loss that is no number the learning rate goes to a tenth, written without stray digits', () => {
  const [slower, ...more] = remedies('error-diverged', state({ 'learning-rate': 0.003 }));
  assert.deepEqual(slower.changes, { 'learning-rate': 0.0003 });
  assert.deepEqual(more, []);
});

test('the CPU is offered only where it is not chosen already', () => {
  assert.deepEqual(ids('webgpu-refused', state({ backend: 'webgpu' })), ['use-cpu']);
  assert.deepEqual(ids('device-lost', state({ backend: 'cpu' })), []);
});

test('every trouble has a title, a sentence and a button, but for a browser that can not', () => {
  for (const kind of ['load-failed', 'outdated', 'out-of-memory', 'worker-dead']) {
    assert.ok(`trouble-${kind}` in en && `trouble-${kind}-sentence` in en, kind);
    for (const id of ids(kind, state({ backend: 'webgpu', widths: [64, 128] }))) assert.ok(`remedy-${id}` in en, id);
    assert.ok(ids(kind, state()).length > 0, kind);
  }
});

test('trouble ends what was under way, and takes back the word that it would start again', () => {
  const told = reduce(state(), { type: 'notice', tone: 'warning', key: 'worker-died' });
  const stopped = reduce({ ...told, activity: 'training' }, { type: 'trouble', trouble: { kind: 'worker-dead', values: {} } });
  assert.deepEqual([stopped.phase, stopped.activity, stopped.notices], ['dead', 'idle', []]);
  assert.equal(reduce(stopped, { type: 'phase', phase: 'restarting' }).trouble, null);
});

test('files that are chosen as a remedy are looked at as those that are dropped', (context) => {
  const input = { files: [new File(['PK'], 'pictures.zip')], click: () => input.heard(), addEventListener: (_, heard) => { input.heard = heard; } };
  globalThis.document = /** @type {any} */ ({ createElement: () => input });
  context.after(() => { delete globalThis.document; });
  const done = [];
  carryOut(/** @type {any} */ ({ state: state(), loadFiles: () => done.push('files'), loadOwn: ({ zip }) => done.push(zip.name) }), { id: 'choose-files' });
  assert.deepEqual(done, ['pictures.zip']);
});
