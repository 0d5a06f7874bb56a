// The scan tab: how the accuracy falls when each layer is cut alone. A cell sets that layer's slider.

import { methodOf, methodKey } from '../../model/method.js';
import { startScan } from '../../session/contest.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { createScanGrid } from './scan-grid.js';

/** @import {Checkpoint} from '../../model/checkpoint.js' */
/** @import {Scan} from '../../model/scan.js' */
/** @import {State} from '../../state/types.d.ts' */
/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createScan(view) {
  const { t, session } = view;
  const { comparison } = session;
  const start = h('button', { type: 'button', class: 'primary', 'data-testid': 'scan-start', text: t('scan-start'), onclick: begin });
  const cancel = h('button', { type: 'button', 'data-testid': 'scan-cancel', text: t('cancel'), onclick: () => comparison.cancel() });
  const status = output('scan-status', { class: 'race-status' });
  const grid = createScanGrid(view);
  const key = h('p', { class: 'scan-key note' }, h('span', { text: '0%' }), h('i'), h('span', { text: '100%' }), h('span', { text: t('scan-key') }));
  const element = h('div', { class: 'scan' },
    h('p', { class: 'note', text: t('scan-about') }), h('div', { class: 'race-bar' }, start, cancel, status), grid.element, key);

  function begin() {
    const { state } = session;
    const saved = stateToScan(state);
    if (!state.config || !saved) return;
    const method = methodOf(state.settings);
    startScan(comparison, { config: { ...state.config, method }, method, layers: state.layers, ...saved }, session.files);
  }

  return {
    element,
    update({ state }) {
      const { scan, busy } = comparison;
      start.hidden = scan.stage === 'running';
      cancel.hidden = scan.stage !== 'running';
      start.disabled = busy || why(state) !== null;
      show(status, statusOf(scan, state, busy, view), scan.measured.length);
      attribute(status, 'data-stage', scan.stage);
      attribute(status, 'aria-live', scan.stage === 'running' ? 'off' : 'polite');
      grid.update(scan, state);
      key.hidden = scan.subject === null;
    },
  };
}

/**
 * The state that the page stands at, else the last one that was kept.
 * @param {State} state
 * @returns {{checkpoint: Checkpoint, step: number} | null}
 */
function stateToScan({ points, currentPoint, checkpoint }) {
  const point = points.find(({ id }) => id === currentPoint);
  if (point) return { checkpoint: point.checkpoint, step: point.step };
  return checkpoint && { checkpoint: checkpoint.bytes, step: checkpoint.step };
}

/**
 * Why there is nothing that could be scanned.
 * @param {State} state
 */
function why(state) {
  return state.config === null || stateToScan(state) === null ? 'scan-pause' : null;
}

/**
 * @param {Scan} scan
 * @param {State} state
 * @param {boolean} busy
 * @param {View} view
 */
function statusOf({ stage, subject, cells, measured, message }, state, busy, { t, format }) {
  const values = { done: format.integer(measured.length), total: format.integer(cells.length), step: format.integer(subject?.step ?? 0) };
  if (stage === 'running') return t('scan-running', values);
  if (stage === 'failed') return t('race-failed', { message });
  const reason = why(state);
  if (reason !== null) return t(reason);
  if (busy) return t('scan-waits');
  const next = stateToScan(state);
  if (stage === 'idle' || !subject) {
    return t(state.activity === 'idle' ? 'scan-idle' : 'scan-idle-training', { step: format.integer(next?.step ?? 0) });
  }
  const stale = next?.checkpoint !== subject.checkpoint || methodKey(methodOf(state.settings)) !== methodKey(subject.method);
  return t(stale ? 'scan-stale' : stage === 'done' ? 'scan-done' : 'scan-cancelled', values);
}
