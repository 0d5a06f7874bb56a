import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asking } from '../../tests/support/asking.js';
import { Meter, promised, speedUps } from './meter.js';

/** @type {any} */
const state = { selection: { by: 'fraction', value: 0.9 }, scores: {}, activity: 'idle', phase: 'ready', pending: null };
const timing = (/** @type {string} */ way, /** @type {number} */ ms) => /** @type {any} */ ({ way, ms, low: ms, high: ms, difference: 0 });

const metered = (/** @type {any} */ selection) => ({ type: 'metered', selection, images: 16, timings: [timing('dense', 8)], encoded: [{ way: 'masked', encoding: 'dense' }] });
const FILES = { files: [new Uint8Array(10_000)] };

/** A meter, and who answers it. */
function rested() {
  const made = asking();
  return { ...made, meter: new Meter((command) => made.gate.ask(command), () => {}) };
}

/** Until the bytes are gzipped. */
const gzipped = () => new Promise((resolve) => { setTimeout(resolve, 50); });

test('asks once for a cut, and not while training goes on', () => {
  const { meter, sent } = rested();
  meter.ask({ ...state, activity: 'training' });
  assert.equal(sent.length, 0);
  meter.ask(state);
  meter.ask(state);
  assert.deepEqual(sent.map(({ command }) => command), [{ type: 'meter', selection: state.selection }]);
  meter.ask({ ...state, selection: { by: 'fraction', value: 0.5 } });
  assert.equal(sent.length, 2);
});

test('only the answer to the last question counts, and its bytes are gzipped for real', async () => {
  const { meter, answer } = rested();
  const other = { ...state, scores: {} };
  meter.ask(state);
  meter.ask(other);
  await answer(1, metered(state.selection), FILES);
  await gzipped();
  assert.equal(meter.measured, null);
  await answer(2, metered(state.selection), FILES);
  await gzipped();
  assert.equal(meter.pending, false);
  assert.deepEqual([meter.isCurrent(other), meter.isCurrent(state)], [true, false]);
  assert.deepEqual(meter.measured?.sizes.map(({ bytes }) => bytes), [10_000]);
  assert.ok((meter.measured?.sizes[0].gzip ?? Infinity) < 100);
});

test('after an error the figures are still those of the cut that they were measured of', async () => {
  const { meter, answer, fail, sent } = rested();
  const other = { ...state, selection: { by: 'fraction', value: 0.1 } };
  meter.ask(state);
  await answer(1, metered(state.selection), FILES);
  await gzipped();
  meter.ask(other);
  await fail(2, 'device');
  assert.deepEqual([meter.isCurrent(other), meter.hasFailed(other), meter.pending], [false, true, false]);
  assert.deepEqual([meter.isCurrent(state), meter.hasFailed(state)], [true, false]);
  meter.ask(other);
  assert.equal(sent.length, 2, 'what failed is not asked again and again');
  meter.ask({ ...other, scores: {} });
  await fail(3, 'cancelled');
  meter.ask({ ...other, scores: {} });
  assert.equal(sent.length, 4, 'what was given up is');
});

test('speed-ups are against the dense network; what is promised is counted', () => {
  assert.deepEqual(speedUps([timing('dense', 8), timing('sparse', 2)]), [1, 4]);
  assert.deepEqual(speedUps([]), []);
  const layers = /** @type {any} */ ([{ macs: 100, weights: 10 }, { macs: 50, weights: 50 }]);
  assert.deepEqual(promised(layers, [1, 10]), { all: 150, left: 20, speedUp: 7.5 });
  assert.equal(promised(layers, [0, 0]).speedUp, Infinity);
});
