// The button that tells over how many workers training is spread, with their settings and what they do behind it.

import { PANELS } from '../chunks.js';
import { attribute, h, show } from '../kit/dom.js';
import { createFoldedPopover } from '../kit/folded.js';

/** @import {Frame, View} from '../kit/view.d.ts' */

/** @param {View} view */
export function createWorkers(view) {
  const { t } = view;
  const button = h('button', { type: 'button', 'data-testid': 'workers' });
  const folded = createFoldedPopover(view, button, t('workers-title'), PANELS, ({ createWorkersPanel }) => createWorkersPanel(view));
  return {
    button,
    panel: folded.panel,
    /** @param {Frame} frame */
    update(frame) {
      const count = frame.state.workers?.lanes.length ?? 1;
      show(button, `×${count}`, count);
      attribute(button, 'aria-label', t('workers', { count: String(count) }));
      attribute(button, 'title', t('workers', { count: String(count) }));
      folded.update(frame);
    },
  };
}
