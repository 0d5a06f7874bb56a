// The button behind which the cut is measured.

import { enabled } from '../../state/enabled.js';
import { PANELS } from '../chunks.js';
import { h } from '../kit/dom.js';
import { createFoldedPopover } from '../kit/folded.js';

/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createMeter(view) {
  const { t } = view;
  const button = h('button', { type: 'button', class: 'link', 'data-testid': 'meter', text: t('meter'), title: t('meter-hint') });
  const folded = createFoldedPopover(view, button, t('meter-title'), PANELS, ({ createMeterPanel }, panel) => createMeterPanel(view, panel));
  folded.panel.classList.add('meter-panel');
  return {
    element: h('span', { class: 'buys' }, button, folded.panel),
    update(frame) {
      button.disabled = !enabled(frame.state, frame.cut).meter;
      folded.update(frame);
    },
  };
}
