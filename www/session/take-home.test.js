import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countRemoved } from '../model/filters.js';
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

test('a file that comes is named by what it holds, and other messages are none', async () => {
  const files = [];
  const takeHome = new TakeHome(() => {});
  takeHome.onFile = (file) => files.push(file);
  const state = { settings: { dataset: 'digits' } };
  const bulk = { file: Uint8Array.of(1, 2, 3) };
  const event = { type: 'exported', request: 1, format: 'onnx', network: 'compacted', step: 7, sparsity: 0.5, test: measured };
  assert.equal(takeHome.answered({ event, bulk }, state), true);
  assert.equal(takeHome.answered({ event: { type: 'test-images', request: 2, count: 3 }, bulk }, state), true);
  assert.equal(takeHome.answered({ event: { type: 'saved', step: 7 }, bulk: {} }, state), false);
  assert.deepEqual(files.map(({ name }) => name), ['pruning-playground-digits-step7-sparsity0.5-compacted.onnx', 'pruning-playground-digits-test-images.safetensors']);
  assert.deepEqual(new Uint8Array(await files[0].arrayBuffer()), bulk.file);
});

test('only what could be a network is read', () => {
  assert.equal(tooLarge({ size: 13e6 }), false);
  assert.equal(tooLarge({ size: 1e9 }), true);
});

test('a filter is removed once neither its own weights nor those that it feeds are left', () => {
  const layers = [{ name: 'conv1', shape: [2, 1, 1, 1] }, { name: 'conv2', shape: [1, 2, 1, 1] }, { name: 'fc', shape: [2, 1] }];
  assert.equal(countRemoved(Uint8Array.of(1, 1, 1, 1, 1, 1), layers), 0);
  assert.equal(countRemoved(Uint8Array.of(0, 1, 1, 1, 1, 1), layers), 0);
  assert.equal(countRemoved(Uint8Array.of(0, 1, 0, 1, 1, 1), layers), 1);
  assert.equal(countRemoved(Uint8Array.of(0, 0, 0, 0, 0, 0), layers), 3);
});
