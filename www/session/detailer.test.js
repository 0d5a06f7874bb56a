import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asking } from '../../tests/support/asking.js';
import { Detailer } from './detailer.js';

const state = (scores, more = {}) => /** @type {any} */ ({ scores, phase: 'ready', pending: null, ...more });
const event = (layer) => ({ type: 'detail', layer, step: 3, tile: { row: 0, column: 0, rows: 2, columns: 2 }, rows: 2, columns: 2, block: [1, 1] });
const bulk = (weight) => ({ weights: new Float32Array(4).fill(weight), masks: new Uint8Array(4).fill(255), ranks: new Uint32Array(4).fill(7) });

function detailed() {
  const made = asking();
  const renders = [];
  const detailer = new Detailer((command) => made.gate.ask(command), () => renders.push(1));
  return { ...made, detailer, renders };
}

test('a layer is asked for once, one at a time, and what is known of earlier weights is shown until the answer comes', async () => {
  const { detailer, sent, answer, renders } = detailed();
  const [first, second] = [{ tables: {} }, { tables: {} }];
  assert.equal(detailer.layer(state(first), 0), null);
  assert.equal(detailer.layer(state(first), 1), null);
  detailer.layer(state(first), 0);
  assert.deepEqual(sent.map(({ command }) => command), [{ type: 'detail', layer: 0 }]);
  await answer(1, event(0), bulk(0.5));
  assert.equal(renders.length, 1);
  assert.equal(detailer.layer(state(first), 0)?.weights[0], 0.5);
  detailer.layer(state(first), 1);
  await answer(2, event(1), bulk(0.25));
  assert.deepEqual([0, 1].map((layer) => detailer.layer(state(first), layer)?.weights[0]), [0.5, 0.25]);
  assert.equal(sent.length, 2);
  assert.equal(detailer.layer(state(second), 0)?.weights[0], 0.5);
  await answer(3, event(0), bulk(0.75));
  assert.equal(detailer.layer(state(second), 0)?.weights[0], 0.75);
});

test('the weight under the pointer is asked for exactly', async () => {
  const { detailer, sent, answer } = detailed();
  const now = state({ tables: {} });
  assert.equal(detailer.weight(now, { layer: 2, row: 5, column: 9 }), null);
  assert.deepEqual(sent[0].command, { type: 'detail', layer: 2, tile: { row: 5, column: 9, rows: 1, columns: 1 } });
  await answer(1, event(2), { weights: Float32Array.of(-0.125), masks: Uint8Array.of(0), ranks: Uint32Array.of(4) });
  assert.deepEqual(detailer.weight(now, { layer: 2, row: 5, column: 9 }), { weight: -0.125, held: true, rank: 4 });
  assert.equal(detailer.weight(now, { layer: 2, row: 5, column: 8 }), null);
});

test('nothing is asked of a small network, nor while another is awaited', () => {
  const { detailer, sent } = detailed();
  assert.equal(detailer.layer(state({ tables: null }), 0), null);
  assert.equal(detailer.layer(state({ tables: {} }, { pending: {} }), 0), null);
  assert.equal(detailer.layer(state({ tables: {} }, { phase: 'loading' }), 0), null);
  assert.equal(detailer.weight(state({ tables: null }), { layer: 0, row: 0, column: 0 }), null);
  assert.equal(sent.length, 0);
});

test('another run begins with nothing known', async () => {
  const { detailer, answer, sent } = detailed();
  const now = state({ tables: {} });
  detailer.layer(now, 0);
  await answer(1, event(0), bulk(1));
  detailer.reset();
  assert.equal(detailer.layer(now, 0), null);
  assert.equal(sent.length, 2);
});
