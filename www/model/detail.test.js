import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellAt, goneIn } from './detail.js';
import { NEVER } from './ranking.js';

const tile = { row: 10, column: 20, rows: 5, columns: 7 };
const detail = (block, kept, ranks) => ({ layer: 1, step: 0, tile, rows: 3, columns: 2, block, weights: new Float32Array(6), kept: Uint8Array.from(kept), ranks: Uint32Array.from(ranks) });

test('the cell of a weight is found by its place in the layer', () => {
  const cells = detail([2, 4], [], []);
  assert.deepEqual([[10, 20], [11, 23], [12, 24], [14, 26]].map(([row, column]) => cellAt(cells, row, column)), [0, 0, 3, 5]);
  assert.deepEqual([[9, 20], [10, 19], [15, 20], [10, 27]].map(([row, column]) => cellAt(cells, row, column)), [null, null, null, null]);
});

test('of single weights those go whose rank is below the cut, and what is held is gone', () => {
  const cells = detail([1, 1], [255, 255, 0, 255], [4, 5, 2, NEVER]);
  assert.deepEqual([...goneIn(cells, { units: 5, unitsIn: null, unitsTotal: 9 })], [255, 0, 255, 0]);
  // By hand each layer is cut as deep as it is.
  assert.deepEqual([...goneIn(cells, { units: 0, unitsIn: [0, 6], unitsTotal: 9 })], [255, 255, 255, 0]);
});

test('of a block as much goes as of ranks that lie evenly around its mean', () => {
  const cells = detail([2, 2], [255, 255, 128, 255], [50, 80, 90, 50]);
  const gone = (units) => [...goneIn(cells, { units, unitsIn: null, unitsTotal: 100 })].map((share) => Math.round(share / 2.55));
  assert.deepEqual(gone(0), [0, 0, 50, 0]);
  assert.deepEqual(gone(50), [50, 0, 50, 50]);
  assert.deepEqual(gone(80), [80, 50, 50, 80]);
  assert.deepEqual(gone(100), [100, 100, 100, 100]);
});
