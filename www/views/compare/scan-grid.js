// The heatmap of a scan: layers by sparsities, the accuracy as a number and a shade. A cell is a button that sets its layer.

import { SCAN_GRID, byHand, measuredAt } from '../../model/scan.js';
import { enabled } from '../../state/enabled.js';
import { attribute, h, show } from '../kit/dom.js';
import { layerName } from '../kit/layer-name.js';

/** @import {Metrics} from '../../generated/protocol.d.ts' */
/** @import {Cell, Scan} from '../../model/scan.js' */
/** @import {State} from '../../state/types.d.ts' */
/** @import {View} from '../kit/view.d.ts' */

/** Layers that need no scrolling. */
const FEW = 6;

/** @param {View} view */
export function createScanGrid(view) {
  const { t, format, session, invalidate } = view;
  const body = h('tbody');
  const head = h('tr', {}, h('th', { scope: 'col', text: t('scan-layer') }), ...SCAN_GRID.map((share) => h('th', { scope: 'col', text: format.wholePercent(share) })));
  const table = h('table', { class: 'scan-table', 'data-testid': 'scan-table', 'aria-label': t('scan-label'), role: 'grid', onkeydown: (/** @type {KeyboardEvent} */ event) => moveFocus(event, cells, focus) }, h('thead', {}, head), body);
  const element = h('div', { class: 'scan-box' }, table);
  /** @type {HTMLButtonElement[][]} Layer by layer. */
  let cells = [];
  /** @type {Scan['subject']} */
  let shown = null;
  let focus = { row: 0, column: 0 };

  /** @param {Cell} cell */
  function choose(cell) {
    if (!enabled(session.state, null).setLayer) return;
    session.change({ scope: 'hand' });
    session.select(byHand(session.state.selection, cell, cells.length));
  }

  /**
   * @param {string} name
   * @param {number} layer
   */
  function rowOf(name, layer) {
    cells[layer] = SCAN_GRID.map((share, column) => h('button', {
      type: 'button', tabindex: -1, 'data-layer': name, 'data-share': share,
      onclick: () => choose({ layer, share }),
      onfocus: () => { focus = { row: layer, column }; invalidate(); },
      onpointerenter: (/** @type {PointerEvent} */ event) => { if (event.buttons === 1) choose({ layer, share }); },
    }));
    return h('tr', { 'data-layer': name }, h('th', { scope: 'row', text: layerName(name, t) }), ...cells[layer].map((cell) => h('td', { role: 'gridcell' }, cell)));
  }

  return {
    element,
    /**
     * @param {Scan} scan
     * @param {State} state
     */
    update(scan, state) {
      const { subject } = scan;
      const { selection } = state;
      const may = enabled(state, null);
      element.hidden = subject === null;
      if (subject && subject !== shown) {
        cells = [];
        focus = { row: 0, column: 0 };
        // Many layers scroll in a box of their own.
        element.classList.toggle('many', subject.layers.length > FEW);
        body.replaceChildren(...subject.layers.map(({ name }, layer) => rowOf(name, layer)));
      }
      shown = subject;
      cells.forEach((row, layer) => row.forEach((cell, column) => {
        const share = SCAN_GRID[column];
        const planned = scan.cells.some((other) => other.layer === layer);
        cell.disabled = !planned || !may.setLayer;
        fill(cell, { layer: layerName(subject?.layers[layer].name ?? '', t), share, planned }, measuredAt(scan, { layer, share }), view);
        attribute(cell, 'aria-pressed', String(selection.by === 'layers' && Math.abs(selection.value[layer] - share) < 5e-4));
        attribute(cell, 'tabindex', layer === focus.row && column === focus.column ? '0' : '-1');
      }));
    },
  };
}

/** @type {Record<string, [number, number]>} Rows and columns. */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * @param {KeyboardEvent} event
 * @param {HTMLButtonElement[][]} cells
 * @param {{row: number, column: number}} focus
 */
function moveFocus(event, cells, { row, column }) {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  cells[row + step[0]]?.[column + step[1]]?.focus();
}

/**
 * @param {HTMLButtonElement} cell
 * @param {{layer: string, share: number, planned: boolean}} of Not planned where the layer is never cut.
 * @param {Metrics | null} test
 * @param {View} view
 */
function fill(cell, { layer, share, planned }, test, { t, format }) {
  const unknown = planned ? '…' : '–';
  show(cell, test ? format.wholePercent(test.accuracy).replace('%', '') : unknown, test?.accuracy ?? null);
  cell.classList.toggle('measured', test !== null);
  if (test) cell.style.setProperty('--share', `${100 * test.accuracy}%`);
  const label = (/** @type {(share: number) => string} */ percent) => t('scan-cell', { layer, share: format.wholePercent(share), accuracy: test ? percent(test.accuracy) : '–' });
  // The name holds the figure as it is seen; the hint holds it more exactly.
  attribute(cell, 'aria-label', label(format.wholePercent));
  attribute(cell, 'title', label(format.percent));
}
