import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asking } from '../../tests/support/asking.js';
import { tick } from '../../tests/support/fake-worker.js';
import { methodOf } from '../model/method.js';
import { defaults } from '../model/settings.js';
import { initialState } from '../state/store.js';
import { Trial } from './trial.js';

const dataset = { id: 'digits', digest: 7, classes: ['0', '1'], channels: 1, height: 8, width: 8, train: 8, test: 2 };
const scores = () => /** @type {any} */ ({ method: methodOf(defaults()) });
const INK = new Uint8Array(64).fill(9);

/** A trial, who answers it, and a session at rest. */
function rested(changes = {}) {
  const made = asking();
  let state = { ...initialState(defaults()), phase: 'ready', runId: 1, dataset, scores: scores(), ...changes };
  const trial = new Trial((command, bulk) => made.gate.ask(command, { bulk }), () => {}, () => {}, () => trial.ask(state));
  return { ...made, trial, state, /** The session moves on. */ at: (more) => { state = { ...state, ...more }; trial.ask(state); } };
}

const CLASSIFIED = { type: 'classified', selection: { by: 'fraction', value: 0 } };
const said = (...probabilities) => ({ probabilities: Float32Array.from(probabilities) });

test('a picture is asked about at once, again under another cut or other weights, and never twice for the same', async () => {
  const { trial, sent, state, answer, at } = rested();
  trial.show(INK, state);
  trial.ask(state);
  assert.deepEqual(sent.map(({ id, command, bulk }) => [command.type, id, bulk.images]), [['classify', 1, INK]]);
  await answer(1, CLASSIFIED, said(0.25, 0.75, 1, 0));
  assert.deepEqual(trial.answer, { before: Float32Array.of(0.25, 0.75), now: Float32Array.of(1, 0) });
  trial.ask(state);
  assert.equal(sent.length, 1);
  at({ selection: { by: 'fraction', value: 0.5 } });
  await answer(2, CLASSIFIED, said(1, 0, 1, 0));
  at({ scores: scores() });
  assert.equal(sent.length, 3);
});

test('one question is under way at a time, and the latest place of the slider is asked about next', async () => {
  const { trial, sent, state, answer, at } = rested();
  trial.show(INK, state);
  at({ selection: { by: 'fraction', value: 0.1 } });
  at({ selection: { by: 'fraction', value: 0.2 } });
  assert.equal(sent.length, 1);
  await answer(1, CLASSIFIED, said(1, 0, 1, 0));
  assert.notEqual(trial.answer, null, 'what comes meanwhile is shown');
  assert.deepEqual(sent.map(({ command }) => command.selection.value), [0, 0.2]);
});

test('answers to a worker that is gone, or to nothing, are no answers', async () => {
  const { trial, state, answer, at } = rested();
  trial.show(INK, state);
  trial.reset();
  await answer(1, CLASSIFIED, said(1, 0, 1, 0));
  assert.equal(trial.answer, null);
  at({ scores: scores() });
  trial.show(null, state);
  await answer(2, CLASSIFIED, said(1, 0, 1, 0));
  assert.equal(trial.answer, null);
});

test('a question that a worker takes with it is put to the next one', async () => {
  const { trial, sent, state, gate } = rested();
  trial.show(INK, state);
  gate.lost();
  await tick();
  assert.equal(sent.length, 2);
});

test('nothing is asked before there is a network, and a picture goes with its data set', async () => {
  for (const changes of [{ scores: null }, { phase: 'restarting' }, { pending: { command: 2, kind: 'fresh', point: null, files: [] } }]) {
    const { trial, sent, state } = rested(changes);
    trial.show(INK, state);
    assert.deepEqual(sent, []);
  }
  const { trial, sent, state, answer, at } = rested();
  trial.show(INK, state);
  await answer(1, CLASSIFIED, said(1, 0, 1, 0));
  at({ dataset: { ...dataset, digest: 8 }, scores: scores() });
  assert.deepEqual([trial.pixels, trial.answer, sent.length], [null, null, 1]);
});

test('a picture that can not be read is told by its name', async () => {
  const refused = [];
  const trial = new Trial(() => {}, () => {}, (name) => refused.push(name));
  await trial.tryPicture(/** @type {any} */ ({ name: 'notes.png' }), rested().state);
  assert.deepEqual(refused, ['notes.png']);
});
