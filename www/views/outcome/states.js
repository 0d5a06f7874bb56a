// The states that were measured, newest first; pressing one goes back to it, ticking two compares them.

import { toggled } from '../../model/pairing.js';
import { enabled } from '../../state/enabled.js';
import { attribute, h } from '../kit/dom.js';
import { titleOf } from '../pruning/method-words.js';
import { createPairTable } from '../compare/pair-table.js';
import { createSheet } from '../kit/sheet.js';

/** @import {SavedPoint} from '../../state/types.d.ts' */
/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createStates(view) {
  const { t, format, session, invalidate } = view;
  const list = h('ol', { class: 'states', 'data-testid': 'states', 'aria-label': t('states-heading') });
  const pair = createPairTable(view);
  const table = createSheet(view, 'states', ({ statesSheet }) => statesSheet(session.state), null);
  const element = h('div', { class: 'states-box' },
    h('div', { class: 'heading' }, h('h2', { text: t('states-heading') }), pair.button, table.button), table.panel, list, pair.panel);
  /** @type {number[]} */
  let chosen = [];
  /** @type {SavedPoint[] | null} */
  let shown = null;
  return {
    element,
    update(frame) {
      const { points, currentPoint } = frame.state;
      if (points !== shown) {
        shown = points;
        chosen = chosen.filter((id) => points.some((point) => point.id === id));
        const focus = focused();
        list.replaceChildren(...[...points].reverse().map(entry));
        list.scrollTop = 0;
        if (focus) {
          const again = list.querySelector(focus);
          if (again instanceof HTMLElement) again.focus({ preventScroll: true });
        }
      }
      const may = enabled(frame.state, null);
      for (const button of list.querySelectorAll('button')) {
        const current = button.dataset.id === String(currentPoint);
        attribute(button, 'aria-current', current ? 'true' : null);
        button.disabled = !may.goBack;
      }
      for (const box of list.querySelectorAll('input')) box.checked = chosen.includes(Number(box.dataset.id));
      pair.update(frame, chosen);
    },
  };

  /** What has the keyboard in the list, so that one state more does not take it away. */
  function focused() {
    const root = list.getRootNode();
    const active = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
    return active instanceof HTMLElement && list.contains(active) ? `${active.localName}[data-id="${active.dataset.id}"]` : null;
  }

  /** @param {SavedPoint} point */
  function entry(point) {
    const { id, kind, step, sparsity, test, method } = point;
    const name = t(`state-${kind}`, { sparsity: format.percent(sparsity) });
    const at = t('state-step', { step: format.integer(step) });
    return h('li', {}, h('button', {
      type: 'button', title: titleOf(t('go-back'), kind === 'dense' ? null : point, t), 'data-id': id, 'data-kind': kind, 'data-step': step,
      'data-sparsity': sparsity, 'data-accuracy': test.accuracy, 'data-samples': test.samples,
      'data-criterion': method.criterion,
      onclick: () => session.goBack(point),
    },
    h('i', { class: `mark ${kind}` }),
    h('span', { text: name }),
    h('span', { class: 'by', text: kind === 'dense' ? '' : t(`short-${method.criterion}`) }),
    h('span', { class: 'step', text: at }),
    h('b', { text: format.percent(test.accuracy) })), h('label', { class: 'pick', title: t('pair-pick') }, h('input', {
      type: 'checkbox', 'data-id': id, 'aria-label': t('pair-pick-this', { state: name, step: at }),
      onchange: () => {
        chosen = toggled(chosen, id);
        invalidate();
      },
    })));
  }
}
