// The states that were measured, newest first; pressing one goes back to it.

import { attribute, h } from './dom.js';

/** @import {SavedPoint} from '../types.d.ts' */
/** @import {Part, View} from './view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createStates({ t, format, session }) {
  const list = h('ol', { class: 'states', 'data-testid': 'states', 'aria-label': t('states-heading') });
  const element = h('div', { class: 'states-box' }, h('h2', { text: t('states-heading') }), list);
  /** @type {SavedPoint[] | null} */
  let shown = null;
  return {
    element,
    update({ state: { points, currentPoint, phase } }) {
      if (points !== shown) {
        shown = points;
        list.replaceChildren(...points.toReversed().map(entry));
        list.scrollTop = 0;
      }
      for (const button of list.querySelectorAll('button')) {
        const current = button.dataset.id === String(currentPoint);
        attribute(button, 'aria-current', current ? 'true' : null);
        button.disabled = phase !== 'ready';
      }
    },
  };

  /** @param {SavedPoint} point */
  function entry(point) {
    const { id, kind, step, sparsity, test, method } = point;
    return h('li', {}, h('button', {
      type: 'button', title: t('go-back'), 'data-id': id, 'data-kind': kind, 'data-step': step,
      'data-sparsity': sparsity, 'data-accuracy': test.accuracy, 'data-samples': test.samples,
      'data-criterion': method.criterion,
      onclick: () => session.goBack(point),
    },
    h('i', { class: `mark ${kind}` }),
    h('span', { text: t(`state-${kind}`, { sparsity: format.percent(sparsity) }) }),
    h('span', { class: 'by', text: kind === 'dense' ? '' : t(`short-${method.criterion}`) }),
    h('span', { class: 'step', text: t('state-step', { step: format.integer(step) }) }),
    h('b', { text: format.percent(test.accuracy) })));
  }
}
