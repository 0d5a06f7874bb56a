import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutInBins, histogram } from '../model/histogram.js';
import { NEVER, cut } from '../model/ranking.js';
import { curveSheet, filterSheet, histogramSheet, historySheet, sheetCsv, statesSheet } from './sheets.js';

const METHOD = { criterion: 'magnitude', scope: 'global', granularity: 'weight', scoreBatch: 256, spareClassifier: false, neverEmpty: false };
const LAYERS = [{ name: 'conv1', weights: 4, shape: [2, 1, 1, 2] }, { name: 'fc', weights: 2, shape: [1, 2] }];
const SCORES = {
  weights: Float32Array.of(1, -2, 0.5, 0, 4, -0.25), masks: Uint8Array.of(1, 1, 1, 0, 1, 1), method: METHOD,
  // In the order of cutting: the held weight, -0.25, 0.5, 1, -2, 4.
  ranks: Uint32Array.of(3, 4, 2, 0, 5, 1), sorted: Float32Array.of(0, 0.25, 0.5, 1, 2, 4), groups: [{ units: 6, held: 1 }],
};
const FILTERS = { ...METHOD, criterion: 'fpgm', granularity: 'filter', scope: 'layer' };
const POINT = { kind: 'pruned', method: METHOD, step: 10, sparsity: 0.5, kept: [1, 2], test: { accuracy: 0.75, loss: 1.5, samples: 360 } };

test('the table of the curve has its points, those of the curve before, and the states', () => {
  const state = {
    curve: { points: [{ sparsity: 0.5, accuracy: 0.7, samples: 100, method: FILTERS }], before: [{ sparsity: 0.1, accuracy: 0.9, samples: 90 }] },
    denseCurve: [], held: 0, activity: 'idle', trail: [], scores: null, points: [POINT],
  };
  const sheet = curveSheet(state);
  assert.deepEqual(sheet.rows, [
    ['one-shot', 'fpgm', 'filter', 'layer', 0.5, 0.7, 100], ['reference', null, null, null, 0.1, 0.9, 90], ['pruned', 'magnitude', 'weight', 'global', 0.5, 0.75, 360],
  ]);
  assert.equal(sheetCsv(sheet), 'series,criterion,granularity,scope,sparsity,accuracy,samples\r\none-shot,fpgm,filter,layer,0.5,0.7,100\r\nreference,,,,0.1,0.9,90\r\npruned,magnitude,weight,global,0.5,0.75,360\r\n');
});

test('the table of the states has what each layer keeps', () => {
  const { columns, rows } = statesSheet({ points: [POINT], layers: LAYERS });
  assert.deepEqual(columns.slice(-2).map(({ name }) => name), ['kept_conv1', 'kept_fc']);
  assert.deepEqual(rows, [['pruned', 'magnitude', 'weight', 'global', 10, 0.5, 0.75, 1.5, 360, 1, 2]]);
});

test('what was not measured at a step is left empty', () => {
  assert.equal(sheetCsv(historySheet({ step: [0, 32], loss: [null, 2.5], accuracy: [0.1, null] })), 'step,loss,accuracy\r\n0,,0.1\r\n32,2.5,\r\n');
});

test('removed and kept of all bins add up to the units that are not cut for good', () => {
  const now = cut(SCORES, LAYERS, { by: 'fraction', value: 0.5 });
  const bins = histogram(SCORES.sorted, now.unitsHeld, 4);
  const { rows } = histogramSheet(bins, cutInBins(bins, now));
  assert.deepEqual([rows[0][0], rows.at(-1)[1]], [0, 4]);
  const sum = (column) => rows.reduce((all, row) => all + row[column], 0);
  assert.deepEqual([sum(2), sum(3)], [2, 3]);
});

test('the table of the filters counts what each keeps, and adds up to what the network keeps', () => {
  const now = cut(SCORES, LAYERS, { by: 'fraction', value: 0.5 });
  const { rows } = filterSheet(SCORES, LAYERS, now);
  assert.deepEqual(rows, [
    ['conv1', 1, 2, 2, -0.5, -2, 1, 1.5],
    ['conv1', 2, 2, 0, 0.25, 0, 0.5, 0.5],
    ['fc', 1, 2, 1, 1.875, -0.25, 4, 2.125],
  ]);
  assert.equal(rows.reduce((all, row) => all + row[3], 0), now.total - now.pruned);
});

test('a filter that is never cut has no score', () => {
  const scores = { ...SCORES, ranks: new Uint32Array(6).fill(NEVER) };
  const now = cut(SCORES, LAYERS, { by: 'fraction', value: 0 });
  assert.ok(filterSheet(scores, LAYERS, now).rows.every((row) => row.at(-1) === null));
});
