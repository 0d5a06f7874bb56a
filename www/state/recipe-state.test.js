import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults, runConfig } from '../model/settings.js';
import { extended } from './history.js';
import { initialState, reduce } from './store.js';

const play = (state, runId, ...events) => events.reduce((now, event) => reduce(now, { type: 'message', message: { runId, revision: 0, command: runId, event, bulk: {} } }), state);
const begin = (state, runId) => reduce(state, { type: 'begin', pending: { command: runId, kind: 'fresh', point: null, files: [] } });
const configured = { type: 'configured', config: runConfig(defaults()), dataset: { id: 'digits', test: 10 }, network: { text: '', nodes: [], layers: [], parameters: 12, groups: 1, statistics: false } };
const recipe = (done, state = 'running') => ({ type: 'recipe', name: 'r', done, total: 4, state });
const running = () => play(begin(initialState(defaults()), 1), 1, configured, recipe(1), recipe(2));

test('the page knows how far the recipe has come, whether it is paused, and how it ended', () => {
  const state = running();
  assert.deepEqual(state.recipe, { name: 'r', done: 2, total: 4, state: 'running' });
  assert.equal(play(state, 1, recipe(2, 'paused')).recipe.state, 'paused');
  const ended = play(state, 1, recipe(4, 'done'));
  assert.equal(ended.recipe.state, 'done');
  assert.equal(reduce(ended, { type: 'recipe-told' }).recipe, null);
});

test('a recipe ends with its run, and one of a run that is over changes nothing', () => {
  const anew = play(begin(running(), 2), 2, configured);
  assert.equal(anew.recipe.state, 'stopped');
  assert.equal(play(anew, 1, recipe(3)), anew);
  assert.equal(play(begin(initialState(defaults()), 1), 1, configured).recipe, null);
});

test('an error leaves the recipe where it is', () => {
  const failed = play(running(), 1, recipe(2, 'paused'), { type: 'error', code: 'diverged', message: 'no.' });
  assert.deepEqual([failed.recipe.state, failed.recipe.done], ['paused', 2]);
});

test('weights that were rewound are drawn from the step that they went back to', () => {
  const before = { step: [10, 20, 30], loss: [3, 2, 1], accuracy: [null, null, 0.9] };
  const after = extended(before, 15, 2.5, null);
  assert.deepEqual(after, { step: [10, 15], loss: [3, 2.5], accuracy: [null, null] });
});
