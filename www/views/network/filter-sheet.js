// The kernels as a table, filter by filter, and as one picture.

import { pictureOf } from './picture.js';
import { createSheet } from '../kit/sheet.js';
import { readTheme } from '../bar/theme.js';

/** @import {createLayerPicture} from './layer-picture.js' */
/** @import {View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @param {() => {pictures: ReturnType<typeof createLayerPicture>[], limit: number}} shown What is drawn, and the weight
 *   at the end of the scale of colours.
 */
export function createFilterSheet(view, shown) {
  const { t, format, session } = view;
  const table = createSheet(view, 'filters', ({ filterSheet }) => {
    const { state } = session;
    const cut = session.cutOf(state);
    return state.scores && cut && filterSheet(state.scores, state.layers, cut);
  }, async () => {
    const { pictures, limit } = shown();
    const parts = pictures.map((picture) => picture.copy()).filter((part) => part !== null);
    const theme = readTheme(table.panel);
    return parts.length === 0 ? null : pictureOf({
      title: t('network-heading'), parts,
      keys: [
        { text: format.small(-limit), colour: theme.negative, sign: 'box' }, { text: format.small(limit), colour: theme.positive, sign: 'box' },
        { text: t('removed'), colour: theme.hatch, sign: 'hatched' },
      ],
    }, theme);
  });
  return table;
}
