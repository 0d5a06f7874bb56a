// What is kept of a visit, as lines of the settings.

import { h } from '../kit/dom.js';

/** @import {View} from '../kit/view.d.ts' */

/**
 * Lines in the settings that say what is kept, bring the last visit's network back, and delete what is kept.
 * @param {View} view
 */
export function createKeptHere({ t, session }) {
  const button = h('button', { type: 'button', 'data-testid': 'forget', text: t('forget'), onclick: () => session.keeper?.forget() });
  const back = h('button', { type: 'button', 'data-testid': 'bring-back', text: t('bring-back'), onclick: () => session.keeper?.bringBack() });
  const rows = [h('div', { class: 'row', hidden: true }, back), h('div', { class: 'row forget', hidden: true }, h('span', { text: t('kept-here') }), button)];
  return {
    elements: rows,
    update() {
      rows[0].hidden = session.keeper?.canBringBack !== true;
      rows[1].hidden = session.keeper?.stored !== true;
    },
  };
}
