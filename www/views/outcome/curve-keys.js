// The key of the curve, for a picture of it.

import { earlierCurves } from '../../state/derive.js';

/** @import {State} from '../../state/types.d.ts' */
/** @import {Key} from '../network/picture.js' */
/** @import {Theme} from '../bar/theme.js' */
/** @import {Translate} from '../kit/view.d.ts' */

/** How strongly the curve just before the present one is drawn. */
export const STRONGEST = 0.4;

/**
 * @param {State} state
 * @param {Theme} theme
 * @param {Translate} t
 * @returns {Key[]}
 */
export function curveKeys(state, theme, t) {
  /** @type {Key[]} */
  const fading = earlierCurves(state).length > 0 ? [{ text: t('series-earlier'), colour: theme.positive, sign: 'line', pale: STRONGEST }] : [];
  return [
    { text: t('series-one-shot'), colour: theme.positive, sign: 'line' }, ...fading,
    { text: t('series-reference'), colour: theme.mute, sign: 'dashed' }, { text: t('series-dense'), colour: theme.tuned, sign: 'box' },
    { text: t('series-pruned'), colour: theme.ink, sign: 'circle' }, { text: t('series-fine-tuned'), colour: theme.tuned, sign: 'diamond' },
  ];
}
