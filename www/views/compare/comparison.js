// The dialog over the page in which methods and layers are compared. The page behind goes on.

import { COMPARE } from '../chunks.js';
import { h } from '../kit/dom.js';
import { createFolded } from '../kit/folded.js';

/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createComparison(view) {
  const { t, session } = view;
  const { comparison } = session;
  const close = h('button', { type: 'button', class: 'close', 'data-testid': 'compare-close', text: t('close'), onclick: () => element.close() });
  const head = h('div', { class: 'compare-head' }, close);
  const box = h('div', { class: 'compare-inside' });
  const element = h('dialog', {
    class: 'compare', 'data-testid': 'comparison', 'aria-label': t('compare'),
    onclose: () => comparison.setOpen(false),
    // The page's own keys train and cut; they are not meant here.
    onkeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
  }, head, box);
  const folded = createFolded(view, box, COMPARE, ({ createCompareTabs }) => createCompareTabs(view, head));
  return {
    element,
    update(frame) {
      const { open } = comparison;
      folded.update(frame, open);
      if (!open || element.open || !element.isConnected) return;
      folded.open();
      element.showModal();
    },
  };
}
