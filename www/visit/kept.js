// A state as it is kept from one visit to the next: what is worth keeping, and whether what was found is one. Pure.

import { fromHash, fromRunConfig, toHash, CRITERIA } from '../model/settings.js';

/** @import {Method, Metrics, Point} from '../generated/protocol.d.ts' */
/** @import {Checkpoint} from '../model/checkpoint.js' */
/** @import {Kept, State} from '../state/types.d.ts' */

const VERSION = 1;
/** A checkpoint of the largest network that can be set up, of 5 million weights, holds about 82 MB. */
const LARGEST = 128 * 1024 * 1024;
const A_DAY = 86_400_000;

/**
 * The state in hand, where it is worth keeping: saved, and more than fresh weights.
 * @param {State} state
 * @param {(point: number | null) => boolean} isTheirs Whether a person made it.
 * @returns {Omit<Kept, 'savedAt'> | null}
 */
export function stateToKeep(state, isTheirs) {
  const { config, checkpoint, points, currentPoint, pending, evaluated, dense, activity } = state;
  if (!config || !checkpoint || pending || !isTheirs(currentPoint)) return null;
  const settings = fromRunConfig(state.settings, config);
  const point = points.find(({ id }) => id === currentPoint);
  if (point) {
    if (point.step === 0 && point.kind === 'dense') return null;
    const { step, sparsity, test } = point;
    return { settings, step, sparsity, accuracy: test.accuracy, checkpoint: point.checkpoint, dense, point: measuredPart(point) };
  }
  // Of a checkpoint from before the training in hand the figures in hand say nothing.
  const ofPoint = points.some((other) => other.checkpoint === checkpoint.bytes);
  if (ofPoint || activity === 'idle' || !evaluated || checkpoint.step === 0) return null;
  const { accuracy } = evaluated.test;
  return { settings, step: checkpoint.step, sparsity: sparsityOf(state), accuracy, checkpoint: checkpoint.bytes, dense, point: null };
}

/**
 * Ids are of one visit only.
 * @param {Omit<Point, 'id'>} point
 * @returns {Omit<Point, 'id'>}
 */
function measuredPart({ kind, step, sparsity, threshold, method, kept, total, test }) {
  return { kind, step, sparsity, threshold, method, kept, total, test };
}

/** @param {State} state */
function sparsityOf({ held, layers }) {
  const total = layers.reduce((sum, { weights }) => sum + weights, 0);
  return total > 0 ? held / total : 0;
}

/**
 * A state as it lies in the browser's store.
 * @param {Kept} kept
 */
export function toRecord({ settings, ...rest }) {
  return { ...rest, version: VERSION, settings: toHash(settings) };
}

/**
 * Reads what lay in the browser's store; anything may lie there.
 * @param {unknown} record
 * @param {number} now Milliseconds since 1970.
 * @returns {Kept | null}
 */
export function fromRecord(record, now) {
  if (!isObject(record) || record.version !== VERSION) return null;
  const { savedAt, settings, step, accuracy, sparsity, checkpoint, dense, point } = record;
  const dated = isNumber(savedAt) && savedAt > 0 && savedAt <= now + A_DAY;
  const figures = isCount(step) && isShare(accuracy) && isShare(sparsity);
  if (!dated || !figures || typeof settings !== 'string' || !isCheckpoint(checkpoint)) return null;
  const read = fromHash(settings);
  if (read.rejected.length > 0 || !(dense === null || isMetrics(dense))) return null;
  if (point !== null && !(isPoint(point) && point.step === step)) return null;
  return { savedAt, settings: read.settings, step, accuracy, sparsity, checkpoint, dense, point: point && measuredPart(point) };
}

/**
 * Whether bytes are a safetensors file as far as its length tells; the core checks all of it before it uses any.
 * @param {unknown} bytes
 * @returns {bytes is Checkpoint}
 */
function isCheckpoint(bytes) {
  if (bytes instanceof Blob) return bytes.size >= 8 && bytes.size <= LARGEST;
  if (!(bytes instanceof Uint8Array) || bytes.length < 8 || bytes.length > LARGEST) return false;
  const header = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return header > 0n && header <= BigInt(bytes.length - 8);
}

/**
 * @param {unknown} point
 * @returns {point is Omit<Point, 'id'>}
 */
function isPoint(point) {
  if (!isObject(point)) return false;
  const { kind, step, sparsity, threshold, method, kept, total, test } = point;
  return isCount(step) && isCount(total) && isShare(sparsity) && isNumber(threshold)
    && ['dense', 'pruned', 'fine-tuned'].includes(/** @type {string} */ (kind))
    && Array.isArray(kept) && kept.every(isCount) && kept.reduce((sum, layer) => sum + layer, 0) <= total
    && isMethod(method) && isMetrics(test);
}

/**
 * @param {unknown} method
 * @returns {method is Method}
 */
function isMethod(method) {
  return isObject(method) && CRITERIA.some((criterion) => criterion === method.criterion)
    && ['global', 'layer'].includes(/** @type {string} */ (method.scope))
    && ['weight', 'filter', '2:4'].includes(/** @type {string} */ (method.granularity))
    && isCount(method.scoreBatch) && typeof method.spareClassifier === 'boolean' && typeof method.neverEmpty === 'boolean'
    && (method.normalise === undefined || typeof method.normalise === 'boolean');
}

/**
 * @param {unknown} test
 * @returns {test is Metrics}
 */
function isMetrics(test) {
  return isObject(test) && isNumber(test.loss) && isShare(test.accuracy) && isCount(test.samples);
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}

/**
 * @param {unknown} value
 * @returns {value is number}
 */
function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

/**
 * @param {unknown} value
 * @returns {value is number}
 */
function isCount(value) {
  return isNumber(value) && Number.isSafeInteger(value) && value >= 0;
}

/**
 * @param {unknown} value
 * @returns {value is number}
 */
function isShare(value) {
  return isNumber(value) && value >= 0 && value <= 1;
}
