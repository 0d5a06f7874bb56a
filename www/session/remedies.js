// What a person can do about what went wrong, as buttons: which, and what each does.

import { takeFiles } from '../data/own-drop.js';
import { needsFiles } from '../model/settings.js';
import { TWO_CONV } from '../model/presets.js';

/** @import {Settings} from '../model/types.d.ts' */
/** @import {Remedy, State} from '../state/types.d.ts' */
/** @import {Session} from './session.js' */

/** The network that trains everywhere. */
const SMALL = /** @type {const} */ ([8, 16]);
const FEW_IMAGES = 5000;
const SMALL_BATCH = 32;

/**
 * @param {string} key Of a notice or of a trouble.
 * @param {State} state
 * @returns {Remedy[]}
 */
export function remedies(key, state) {
  switch (key) {
    case 'load-failed': return [{ id: 'retry' }];
    case 'outdated': return [{ id: 'reload' }, { id: 'retry' }];
    case 'out-of-memory': return [...lighter(state), again(state)];
    case 'worker-dead': return [again(state), ...onCpu(state), ...lighter(state).slice(0, 1)];
    case 'device-lost':
    case 'webgpu-refused':
    case 'webgpu-software': return onCpu(state);
    case 'error-device': return [again(state), ...onCpu(state)];
    case 'error-diverged': return [slower(state.settings), ...lastGood(state)];
    case 'error-bad-data':
    case 'error-data-needed':
    case 'download-failed': return [{ id: 'choose-files' }];
    default: return [];
  }
}

/**
 * @param {Session} session
 * @param {Remedy} remedy
 */
export function carryOut(session, remedy) {
  if (remedy.id === 'choose-files') return chooseFiles(session);
  if (remedy.id === 'reload') return void reload(session);
  if (remedy.id === 'last-state') return session.goBack(session.state.points[session.state.points.length - 1]);
  return remedy.changes ? session.change(remedy.changes) : session.restart();
}

/**
 * @param {State} state
 * @returns {Remedy}
 */
function again({ config, checkpoint }) {
  return { id: config && checkpoint ? 'restart' : 'retry' };
}

/**
 * @param {State} state
 * @returns {Remedy[]}
 */
function onCpu({ settings }) {
  return settings.backend === 'cpu' ? [] : [{ id: 'use-cpu', changes: { backend: 'cpu' } }];
}

/**
 * What takes less memory, most first.
 * @param {State} state
 * @returns {Remedy[]}
 */
function lighter({ settings }) {
  const { network, widths, batch, dataset } = settings;
  const limit = settings['train-limit'];
  /** @type {Remedy[]} */
  const found = [];
  if (network !== TWO_CONV || widths[0] * widths[1] > SMALL[0] * SMALL[1]) {
    found.push({ id: 'smaller-network', changes: { network: TWO_CONV, widths: [...SMALL] }, values: { first: String(SMALL[0]), second: String(SMALL[1]) } });
  }
  if (needsFiles(dataset) && (limit === 0 || limit > FEW_IMAGES)) {
    found.push({ id: 'fewer-images', changes: { 'train-limit': FEW_IMAGES }, values: { images: String(FEW_IMAGES) } });
  }
  if (batch > SMALL_BATCH) found.push({ id: 'smaller-batch', changes: { batch: SMALL_BATCH }, values: { batch: String(SMALL_BATCH) } });
  return found;
}

/**
 * @param {Settings} settings
 * @returns {Remedy}
 */
function slower(settings) {
  // A tenth, without the digits that the division of decimals adds.
  const rate = Number((settings['learning-rate'] / 10).toPrecision(6));
  return { id: 'slower', changes: { 'learning-rate': rate }, values: { rate: String(rate) } };
}

/**
 * @param {State} state
 * @returns {Remedy[]}
 */
function lastGood({ points }) {
  return points.length > 0 ? [{ id: 'last-state' }] : [];
}

/**
 * Loads the page anew, once the state in hand is kept for that.
 * @param {Session} session
 */
async function reload(session) {
  await session.keeper?.flush();
  location.reload();
}

/** @param {Session} session */
function chooseFiles(session) {
  const input = Object.assign(document.createElement('input'), { type: 'file', multiple: true });
  input.addEventListener('change', () => takeFiles(session, [...(input.files ?? [])]));
  input.click();
}
