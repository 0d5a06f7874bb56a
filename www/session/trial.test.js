import assert from 'node:assert/strict';
import { test } from 'node:test';
import { methodOf } from '../model/method.js';
import { defaults } from '../model/settings.js';
import { initialState } from '../state/store.js';
import { Trial } from './trial.js';

const dataset = { id: 'digits', digest: 7, classes: ['0', '1'], channels: 1, height: 8, width: 8, train: 8, test: 2 };
const scores = () => /** @type {any} */ ({ method: methodOf(defaults()) });
const INK = new Uint8Array(64).fill(9);

/** A trial that notes what it sends, and a session at rest. */
function rested(changes = {}) {
  const sent = [];
  const trial = new Trial((command, bulk) => sent.push({ ...command, images: bulk.images }), () => {}, () => {});
  return { trial, sent, state: { ...initialState(defaults()), phase: 'ready', runId: 1, dataset, scores: scores(), ...changes } };
}

const answer = (request, probabilities, runId = 1) => ({
  runId, revision: 0, event: { type: 'classified', request, selection: { by: 'fraction', value: 0 } }, bulk: { probabilities: Float32Array.from(probabilities) },
});

test('a picture is asked about at once, again under another cut or other weights, and never twice for the same', () => {
  const { trial, sent, state } = rested();
  trial.show(INK, state);
  trial.ask(state);
  assert.deepEqual(sent.map(({ type, request, images }) => [type, request, images]), [['classify', 1, INK]]);
  trial.answered(answer(1, [0.25, 0.75, 1, 0]), state);
  assert.deepEqual(trial.answer, { before: Float32Array.of(0.25, 0.75), now: Float32Array.of(1, 0) });
  trial.ask(state);
  assert.equal(sent.length, 1);
  trial.ask({ ...state, selection: { by: 'fraction', value: 0.5 } });
  trial.answered(answer(2, [1, 0, 1, 0]), state);
  trial.ask({ ...state, scores: scores() });
  assert.equal(sent.length, 3);
});

test('one question is under way at a time, and the latest place of the slider is asked about next', () => {
  const { trial, sent, state } = rested();
  const at = (value) => ({ ...state, selection: { by: 'fraction', value } });
  trial.show(INK, state);
  trial.ask(at(0.1));
  trial.ask(at(0.2));
  assert.equal(sent.length, 1);
  trial.answered(answer(1, [1, 0, 1, 0]), state);
  trial.ask(at(0.2));
  assert.deepEqual(sent.map(({ selection }) => selection.value), [0, 0.2]);
});

test('answers to a worker that is gone, of another run or to nothing are no answers', () => {
  const { trial, state } = rested();
  trial.show(INK, state);
  trial.reset();
  trial.answered(answer(1, [1, 0, 1, 0]), state);
  assert.equal(trial.answer, null);
  trial.ask(state);
  trial.answered(answer(3, [1, 0, 1, 0], 9), state);
  assert.equal(trial.answer, null);
  trial.ask({ ...state, scores: scores() });
  trial.show(null, state);
  trial.answered(answer(4, [1, 0, 1, 0]), state);
  assert.equal(trial.answer, null);
});

test('nothing is asked before there is a network, and a picture goes with its data set', () => {
  for (const changes of [{ scores: null }, { phase: 'restarting' }, { pending: { runId: 2, kind: 'fresh', point: null, files: [] } }]) {
    const { trial, sent, state } = rested(changes);
    trial.show(INK, state);
    assert.deepEqual(sent, []);
  }
  const { trial, sent, state } = rested();
  trial.show(INK, state);
  trial.answered(answer(1, [1, 0, 1, 0]), state);
  trial.ask({ ...state, dataset: { ...dataset, digest: 8 }, scores: scores() });
  assert.deepEqual([trial.pixels, trial.answer, sent.length], [null, null, 1]);
});

test('a picture that can not be read is told by its name', async () => {
  const refused = [];
  const trial = new Trial(() => {}, () => {}, (name) => refused.push(name));
  await trial.tryPicture(/** @type {any} */ ({ name: 'notes.png' }), rested().state);
  assert.deepEqual(refused, ['notes.png']);
});
