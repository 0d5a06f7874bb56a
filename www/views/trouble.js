// The card in the place of the network while the widget can't be used: what happened, what to do, and the buttons that do it.

import { h } from './dom.js';
import { createRemedies } from './remedy-buttons.js';

/** @import {Trouble} from '../state/types.d.ts' */
/** @import {Part, View} from './view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createTrouble(view) {
  const { t } = view;
  const title = h('h3');
  const sentence = h('p');
  const kept = h('p', { class: 'note' });
  const buttons = h('div', { class: 'buttons' });
  const details = h('p', { class: 'note details' });
  const element = h('div', { class: 'trouble', role: 'alert', 'data-testid': 'trouble', hidden: true }, title, sentence, kept, buttons, details);
  /** @type {Trouble | null} */
  let shown = null;
  return {
    element,
    update({ state }) {
      const { trouble } = state;
      if (trouble === shown) return;
      shown = trouble;
      element.hidden = trouble === null;
      if (!trouble) return;
      element.dataset.key = trouble.kind;
      title.textContent = t(`trouble-${trouble.kind}`);
      sentence.textContent = t(`trouble-${trouble.kind}-sentence`, trouble.values);
      kept.hidden = state.points.length === 0;
      kept.textContent = t('trouble-states-kept');
      buttons.replaceChildren(...createRemedies(trouble.kind, state, view));
      details.hidden = !trouble.values.message;
      details.textContent = t('trouble-details', trouble.values);
    },
  };
}
