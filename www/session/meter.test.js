import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Meter, promised, speedUps } from './meter.js';

/** @type {any} */
const state = { selection: { by: 'fraction', value: 0.9 }, scores: {}, activity: 'idle', phase: 'ready', pending: null };
const timing = (/** @type {string} */ way, /** @type {number} */ ms) => /** @type {any} */ ({ way, ms, low: ms, high: ms, difference: 0 });

/** @param {number} request */
const answer = (request) => /** @type {any} */ ({
  event: { type: 'metered', request, selection: state.selection, images: 16, timings: [timing('dense', 8)], encoded: [{ way: 'masked', encoding: 'dense' }] },
  bulk: { files: [new Uint8Array(10_000)] },
});

test('asks once for a cut, and not while training goes on', () => {
  /** @type {any[]} */
  const sent = [];
  const meter = new Meter((command) => sent.push(command), () => {});
  meter.ask({ ...state, activity: 'training' });
  assert.equal(sent.length, 0);
  meter.ask(state);
  meter.ask(state);
  assert.deepEqual(sent, [{ type: 'meter', request: 1, selection: state.selection }]);
  meter.ask({ ...state, selection: { by: 'fraction', value: 0.5 } });
  assert.equal(sent.length, 2);
});

test('only the answer to the last question counts, and its bytes are gzipped for real', async () => {
  const meter = new Meter(() => {}, () => {});
  meter.ask(state);
  meter.ask({ ...state, scores: {} });
  await meter.answered(answer(1));
  assert.equal(meter.measured, null);
  await meter.answered(answer(2));
  assert.equal(meter.pending, false);
  assert.deepEqual(meter.measured?.sizes.map(({ bytes }) => bytes), [10_000]);
  assert.ok((meter.measured?.sizes[0].gzip ?? Infinity) < 100);
});

test('speed-ups are against the dense network; what is promised is counted', () => {
  assert.deepEqual(speedUps([timing('dense', 8), timing('sparse', 2)]), [1, 4]);
  assert.deepEqual(speedUps([]), []);
  const layers = /** @type {any} */ ([{ macs: 100, weights: 10 }, { macs: 50, weights: 50 }]);
  assert.deepEqual(promised(layers, [1, 10]), { all: 150, left: 20, speedUp: 7.5 });
  assert.equal(promised(layers, [0, 0]).speedUp, Infinity);
});
