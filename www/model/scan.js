// A sensitivity scan: each layer cut alone over a grid of sparsities (Han et al., NIPS 2015). All pure.

import { NO_SCAN } from './no-race.js';

/** @import {Checkpoint} from './checkpoint.js' */
/** @import {LayerInfo, Method, Metrics, RunConfig, Selection} from '../generated/protocol.d.ts' */
/** @import {Stage} from './race.js' */

/** The share of a layer's units that is cut. */
export const SCAN_GRID = Object.freeze([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1]);

/**
 * The state that is scanned, and how its weights are ranked.
 * @typedef {object} ScanSubject
 * @property {RunConfig} config
 * @property {Method} method
 * @property {LayerInfo[]} layers
 * @property {Checkpoint} checkpoint
 * @property {number} step
 */

/** @typedef {{layer: number, share: number}} Cell */

/**
 * @typedef {object} Scan
 * @property {Stage} stage
 * @property {ScanSubject | null} subject
 * @property {Cell[]} cells To be measured, in this order.
 * @property {{cell: Cell, test: Metrics}[]} measured
 * @property {string} message Why it failed.
 */

/**
 * @typedef {{type: 'begin', subject: ScanSubject}
 *   | {type: 'cuttable', layers: boolean[]}
 *   | {type: 'measured', cell: Cell, test: Metrics}
 *   | {type: 'ended', stage: 'done' | 'cancelled' | 'failed', message?: string}} ScanEvent
 */

/**
 * Coarse to fine over all layers, so that the picture is there early and then fills.
 * @param {boolean[]} cuttable For each layer whether it has anything that may be cut.
 * @returns {Cell[]}
 */
export function planScan(cuttable) {
  const order = [...SCAN_GRID.filter((_, i) => i % 2 === 0), ...SCAN_GRID.filter((_, i) => i % 2 === 1)];
  return order.flatMap((share) => cuttable.flatMap((may, layer) => (may ? [{ layer, share }] : [])));
}

/**
 * One layer cut, the others whole.
 * @param {Cell} cell
 * @param {number} layers
 * @returns {Selection}
 */
export function alone({ layer, share }, layers) {
  return { by: 'layers', value: Array.from({ length: layers }, (_, i) => (i === layer ? share : 0)) };
}

/**
 * Sets one layer by hand and leaves the others where the sliders have them.
 * @param {Selection} selection
 * @param {Cell} cell
 * @param {number} layers
 * @returns {Selection}
 */
export function byHand(selection, { layer, share }, layers) {
  const others = (/** @type {number} */ i) => {
    if (selection.by === 'layers') return selection.value[i] ?? 0;
    return selection.by === 'fraction' ? selection.value : 0;
  };
  return { by: 'layers', value: Array.from({ length: layers }, (_, i) => (i === layer ? share : others(i))) };
}

/**
 * @param {Scan} scan
 * @param {ScanEvent} event
 * @returns {Scan}
 */
export function reduceScan(scan, event) {
  switch (event.type) {
    case 'begin': return { ...NO_SCAN, stage: 'running', subject: event.subject, cells: planScan(event.subject.layers.map(() => true)) };
    case 'cuttable': return { ...scan, cells: planScan(event.layers) };
    case 'measured': return { ...scan, measured: [...scan.measured, { cell: event.cell, test: event.test }] };
    case 'ended': return { ...scan, stage: event.stage, message: event.message ?? '' };
    default: return scan;
  }
}

/**
 * What was measured of a cell.
 * @param {Scan} scan
 * @param {Cell} cell
 */
export function measuredAt({ measured }, { layer, share }) {
  return measured.find(({ cell }) => cell.layer === layer && cell.share === share)?.test ?? null;
}
