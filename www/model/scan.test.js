import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SCAN } from './no-race.js';
import { SCAN_GRID, alone, byHand, measuredAt, planScan, reduceScan } from './scan.js';

test('each layer that may be cut is measured once at each place of the grid, coarse places first', () => {
  const cells = planScan([true, false, true]);
  assert.equal(new Set(cells.map(({ layer, share }) => `${layer} ${share}`)).size, 2 * SCAN_GRID.length);
  assert.equal(cells.length, 2 * SCAN_GRID.length);
  assert.ok(cells.every(({ layer }) => layer !== 1));
  assert.deepEqual(cells.slice(0, 4), [{ layer: 0, share: 0 }, { layer: 2, share: 0 }, { layer: 0, share: 0.2 }, { layer: 2, share: 0.2 }]);
});

test('a cell cuts its layer alone', () => {
  assert.deepEqual(alone({ layer: 1, share: 0.9 }, 3), { by: 'layers', value: [0, 0.9, 0] });
});

test('setting a layer by hand leaves the others where the sliders have them', () => {
  assert.deepEqual(byHand({ by: 'layers', value: [0.1, 0.2, 0.3] }, { layer: 1, share: 0.9 }, 3), { by: 'layers', value: [0.1, 0.9, 0.3] });
  assert.deepEqual(byHand({ by: 'fraction', value: 0.5 }, { layer: 0, share: 1 }, 3), { by: 'layers', value: [1, 0.5, 0.5] });
  assert.deepEqual(byHand({ by: 'threshold', value: 0.01 }, { layer: 0, share: 1 }, 3), { by: 'layers', value: [1, 0, 0] });
});

test('a cancelled scan keeps what was measured', () => {
  let scan = reduceScan(NO_SCAN, { type: 'begin', subject: { layers: [{}, {}] } });
  scan = reduceScan(scan, { type: 'cuttable', layers: [true, false] });
  scan = reduceScan(scan, { type: 'measured', cell: { layer: 0, share: 0.5 }, test: { accuracy: 0.8, loss: 1, samples: 10 } });
  scan = reduceScan(scan, { type: 'ended', stage: 'cancelled' });
  assert.equal(scan.stage, 'cancelled');
  assert.equal(scan.cells.length, SCAN_GRID.length);
  assert.equal(measuredAt(scan, { layer: 0, share: 0.5 }).accuracy, 0.8);
  assert.equal(measuredAt(scan, { layer: 0, share: 0.6 }), null);
});
