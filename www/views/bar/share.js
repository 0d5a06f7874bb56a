// The button behind which an experiment is passed on.

import { PANELS } from '../chunks.js';
import { h, icon } from '../kit/dom.js';
import { createFoldedPopover } from '../kit/folded.js';

/** @import {View} from '../kit/view.d.ts' */

const ARROW = 'M8 1l4 4-1.1 1.1L8.8 4v6.5H7.2V4L5.1 6.1 4 5zM2.5 7H5v1.5H4v5h8v-5h-1V7h2.5v8h-11z';

/** @param {View} view */
export function createShare(view) {
  const { t } = view;
  const button = h('button', { type: 'button', class: 'share-button', 'data-testid': 'share', 'aria-label': t('share'), title: t('share-hint') }, icon(ARROW));
  const folded = createFoldedPopover(view, button, t('share'), PANELS, ({ createSharePanel }, panel) => createSharePanel(view, panel));
  folded.panel.classList.add('share-panel');
  return { button, ...folded };
}
