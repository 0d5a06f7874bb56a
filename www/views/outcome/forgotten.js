// The button behind which is what pruning forgets.

import { PANELS } from '../chunks.js';
import { h } from '../kit/dom.js';
import { createFoldedPopover } from '../kit/folded.js';
import { closePanel } from '../kit/popover.js';

/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createForgotten(view) {
  const text = view.t('forgotten');
  const button = h('button', { type: 'button', class: 'link', 'data-testid': 'forgotten', text });
  const folded = createFoldedPopover(view, button, text, PANELS, ({ createForgottenPanel }, box) => createForgottenPanel(view, box));
  const { panel, update } = folded;
  panel.classList.add('meter-panel');
  // It is to be looked at while the slider moves.
  panel.setAttribute('popover', 'manual');
  panel.addEventListener('beforetoggle', () => {
    panel.style.left = `${Math.max(8, button.getBoundingClientRect().left)}px`;
    panel.style.right = 'auto';
  });
  const element = h('span', {
    class: 'buys',
    onkeydown: ({ key }) => {
      if (key !== 'Escape') return;
      closePanel(panel);
      button.focus();
    },
  }, button, panel);
  return { element, update };
}
