// Two measured states and how they differ, as a table behind a button.

import { contrast, pairOf } from '../../model/pairing.js';
import { attribute, h, show } from '../kit/dom.js';
import { closePanel, createPopover } from '../kit/popover.js';
import { layerName } from '../kit/layer-name.js';

/** @import {Contrast} from '../../model/pairing.js' */
/** @import {SavedPoint} from '../../state/types.d.ts' */
/** @import {Frame, View} from '../kit/view.d.ts' */

/** @param {View} view */
export function createPairTable({ t, format }) {
  const button = h('button', { type: 'button', class: 'link', 'data-testid': 'compare-states', text: t('pair') });
  const table = h('table', { 'data-testid': 'pair-table' });
  const panel = createPopover(button, t('pair-label'), table);
  panel.classList.add('states-pair');
  /** @type {SavedPoint[] | null} */
  let shown = null;
  return {
    button,
    panel,
    /**
     * @param {Frame} frame
     * @param {number[]} chosen
     */
    update({ state: { points, layers } }, chosen) {
      const pair = pairOf(points, chosen);
      button.disabled = pair === null;
      attribute(button, 'title', pair === null ? t('pair-hint') : null);
      show(button, t('pair'), chosen.length);
      if (pair === null) closePanel(panel);
      if (pair === null || (shown && pair.every((point, i) => point === shown?.[i]))) return;
      shown = pair;
      table.replaceChildren(h('caption', { class: 'visually-hidden', text: t('pair-label') }), head(pair),
        h('tbody', {}, ...contrast(pair, layers).map(line)));
    },
  };

  /** @param {SavedPoint[]} pair */
  function head(pair) {
    const columns = pair.map(({ kind, sparsity }) => h('th', { scope: 'col', text: t(`state-${kind}`, { sparsity: format.percent(sparsity) }) }));
    return h('thead', {}, h('tr', {}, h('td'), ...columns, h('th', { scope: 'col', text: t('pair-difference') })));
  }

  /** @param {Contrast} row */
  function line({ name, layer, what, first, second, difference }) {
    const words = layer === null ? t(`pair-${name}`) : t('pair-kept', { layer: layerName(layer, t) });
    const cell = (/** @type {number | null} */ value, /** @type {string} */ text) => h('td', { 'data-value': value, text });
    return h('tr', { 'data-row': layer ?? name }, h('th', { scope: 'row', text: words }),
      cell(first, plain(first, what)), cell(second, plain(second, what)),
      cell(difference, difference === null ? '' : signed(difference, what)));
  }

  /**
   * @param {number} x
   * @param {Contrast['what']} what
   */
  function plain(x, what) {
    if (what === 'share') return format.percent(x);
    return what === 'count' ? format.integer(x) : format.small(x);
  }

  /**
   * @param {number} x
   * @param {Contrast['what']} what
   */
  function signed(x, what) {
    if (what === 'share') return t('pair-points', { delta: format.points(x) });
    if (x === 0) return '0';
    return `${x > 0 ? '+' : '−'}${plain(Math.abs(x), what)}`;
  }
}
