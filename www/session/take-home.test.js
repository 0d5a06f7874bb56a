import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asking } from '../../tests/support/asking.js';
import { tick } from '../../tests/support/fake-worker.js';
import { chained } from '../../tests/support/rankings.mjs';
import { countRemoved } from '../model/filters.js';
import { defaults } from '../model/settings.js';
import { initialState } from '../state/store.js';
import { TakeHome, noticeOf, tooLarge } from './take-home.js';

const measured = { loss: 0.25, accuracy: 0.875, samples: 360 };
const opened = (stored, sameImages = true) => noticeOf({ type: 'opened', network: 'masked', stored, sameImages, test: measured });

test('an opened network is said to be as its file says, or by how much it is not', () => {
  assert.deepEqual([opened({ ...measured }).key, opened({ ...measured }).tone], ['opened-same', 'info']);
  assert.equal(opened({ ...measured, loss: 0.25000003 }).key, 'opened-close');
  assert.equal(opened({ ...measured, samples: 10_000 }).key, 'opened-differs');
  assert.equal(opened({ ...measured }, false).key, 'opened-elsewhere');
  assert.equal(opened(undefined).key, 'opened-unknown');
  const { key, tone, values } = opened({ ...measured, accuracy: 0.875 + Number.EPSILON });
  assert.deepEqual([key, tone, values.accuracy], ['opened-differs', 'warning', '0.875']);
  assert.equal(Number(values.stored), 0.875 + Number.EPSILON);
});

const STATE = /** @type {any} */ ({ ...initialState(defaults()), layers: [] });

/** What takes files home, and who makes them. */
function kitchen() {
  const made = asking();
  const files = [];
  const refused = [];
  const takeHome = new TakeHome((command) => made.gate.ask(command), () => refused.push('lost'));
  takeHome.onFile = (file) => files.push(file);
  return { ...made, takeHome, files, refused };
}
const exported = (format, network) => ({ type: 'exported', format, network, step: 7, sparsity: 0.5, test: measured });

test('a file that comes is named by what it holds', async () => {
  const { takeHome, answer, files } = kitchen();
  const bulk = { file: Uint8Array.of(1, 2, 3) };
  takeHome.askNetwork('onnx', { compacted: true, fold: false }, STATE, null);
  takeHome.askTestImages(STATE);
  await answer(1, exported('onnx', 'compacted'), bulk);
  await answer(2, { type: 'test-images', count: 3 }, bulk);
  assert.deepEqual(files.map(({ name }) => name), ['pruning-playground-digits-step7-sparsity0.5-compacted.onnx', 'pruning-playground-digits-test-images.safetensors']);
  assert.deepEqual(new Uint8Array(await files[0].arrayBuffer()), bulk.file);
});

test('a network that is to be gone on with is not saved, whatever else is asked for meanwhile', async () => {
  const { takeHome, answer, files } = kitchen();
  const opened = [];
  takeHome.rebuild(STATE, null, (file) => opened.push(file));
  takeHome.askNetwork('safetensors', { compacted: false, fold: false }, STATE, null);
  await answer(2, exported('safetensors', 'masked'), { file: Uint8Array.of(2) });
  await answer(1, exported('safetensors', 'compacted'), { file: Uint8Array.of(1) });
  assert.deepEqual([files.length, opened.length], [1, 1]);
  assert.deepEqual(new Uint8Array(await opened[0].arrayBuffer()), Uint8Array.of(1));
});

test('a file that is not made is told of once: by the core, or here', async () => {
  const { takeHome, fail, gate, refused } = kitchen();
  takeHome.askNetwork('safetensors', { compacted: false, fold: false }, STATE, null);
  await fail(1, 'device');
  assert.deepEqual(refused, []);
  takeHome.askNetwork('safetensors', { compacted: false, fold: false }, STATE, null);
  takeHome.askNetwork('safetensors', { compacted: false, fold: false }, STATE, null);
  await fail(2, 'cancelled');
  gate.lost();
  await tick();
  assert.deepEqual(refused, ['lost', 'lost']);
});

test('only what could be a network is read', () => {
  assert.equal(tooLarge({ size: 13e6 }), false);
  assert.equal(tooLarge({ size: 1e9 }), true);
});

test('a filter is removed once neither its own weights nor those that it feeds are left', () => {
  const layers = chained([{ name: 'conv1', shape: [2, 1, 1, 1] }, { name: 'conv2', shape: [1, 2, 1, 1] }, { name: 'fc', shape: [2, 1] }]);
  assert.equal(countRemoved(Uint8Array.of(1, 1, 1, 1, 1, 1), layers), 0);
  assert.equal(countRemoved(Uint8Array.of(0, 1, 1, 1, 1, 1), layers), 0);
  assert.equal(countRemoved(Uint8Array.of(0, 1, 0, 1, 1, 1), layers), 1);
  assert.equal(countRemoved(Uint8Array.of(0, 0, 0, 0, 0, 0), layers), 3);
});

test('batch normalisation is folded where that is chosen, and in ONNX alone', () => {
  const { takeHome, sent } = kitchen();
  for (const [format, fold] of [['onnx', false], ['onnx', true], ['safetensors', true]]) takeHome.askNetwork(format, { compacted: false, fold }, STATE, null);
  assert.deepEqual(sent.map(({ command }) => command.fold ?? false), [false, true, false]);
});
