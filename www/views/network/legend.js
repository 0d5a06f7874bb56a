// What the colours of the pictures mean, and the choice between weights and the steps of their cuts.

import { lastStep } from '../../model/cut-age.js';
import { attribute, h, show } from '../kit/dom.js';

/** @import {Scores} from '../../state/types.d.ts' */
/** @import {Frame, View} from '../kit/view.d.ts' */

/** @param {View} view */
export function createLegend({ t, format, invalidate }) {
  const choice = h('select', { 'data-testid': 'picture-shows', 'aria-label': t('picture-shows'), title: t('picture-shows'), onchange: invalidate },
    ...['weights', 'cuts'].map((what) => h('option', { value: what, text: t(`picture-shows-${what}`) })));
  // As wide as what they will say.
  const low = h('span', { text: format.small(-1) });
  const high = h('span', { text: format.small(1) });
  const scale = h('i', { class: 'scale' });
  const keys = h('div', { class: 'legend', 'aria-hidden': 'true' }, low, scale, high, h('i', { class: 'hatched' }), h('span', { text: t('removed') }));
  const element = h('div', { class: 'legend-box' }, choice, keys);
  let last = 0;
  /** @type {Scores | null} */
  let measured = null;
  return {
    element,
    /**
     * @param {Frame} frame
     * @param {number} limit The weight at the end of the scale.
     * @returns {number | null} The step at the end of the scale of cuts; null where weights are shown.
     */
    update({ state: { scores } }, limit) {
      element.classList.toggle('awaited', scores === null);
      if (!scores) return null;
      if (scores !== measured) {
        measured = scores;
        last = lastStep(scores.cutAt, scores.step);
      }
      // As long as nothing is cut for good there is no step to show, and of a large network none is known.
      choice.disabled = scores.alreadyCut === 0 || scores.tables !== null;
      const cuts = choice.value === 'cuts' && !choice.disabled;
      scale.classList.toggle('cuts', cuts);
      attribute(keys, 'data-shows', cuts ? 'cuts' : 'weights');
      show(low, cuts ? t('state-step', { step: format.integer(0) }) : format.small(-limit));
      show(high, cuts ? format.integer(last) : format.small(limit));
      return cuts ? last : null;
    },
  };
}
