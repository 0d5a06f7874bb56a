// A small button beside a chart, with what the chart shows as a table behind it.

import { PANELS } from '../chunks.js';
import { h, icon } from './dom.js';
import { createFoldedPopover } from './folded.js';

/** @import {createSheetPanel} from './sheet-panel.js' */
/** @import {View} from './view.d.ts' */

const GRID = 'M2 3h12v10H2zM3 7v2h3V7zM7 7v2h3V7zM11 7v2h2V7zM3 10v2h3v-2zM7 10v2h3v-2zM11 10v2h2v-2z';

/**
 * The table stays as it was when it was opened, so that it can be read while training goes on.
 * @param {View} view
 * @param {string} name Of the chart, in words and files.
 * @param {Parameters<typeof createSheetPanel>[2]} read
 * @param {(() => Promise<Blob | null>) | null} picture
 */
export function createSheet(view, name, read, picture) {
  const { t } = view;
  const title = t(`sheet-${name}`);
  const label = t('sheet-open', { chart: title });
  const button = h('button', { type: 'button', class: 'sheet-button', 'data-testid': `sheet-${name}`, 'aria-label': label, title: label }, icon(GRID));
  const { panel } = createFoldedPopover(view, button, title, PANELS, ({ createSheetPanel }) => createSheetPanel(view, name, read, picture));
  panel.classList.add('sheet');
  return { button, panel };
}
