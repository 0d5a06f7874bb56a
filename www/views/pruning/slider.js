// The slider: how many of the units go. By hand each layer has its own, and a sentence stands in its place.

import { attribute, h, output, show } from '../kit/dom.js';

/** @import {Cut} from '../../model/ranking.js' */
/** @import {State} from '../../state/types.d.ts' */
/** @import {Frame, Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createSlider(view) {
  const { t, format, session } = view;
  const range = h('input', {
    type: 'range', class: 'track', min: 0, max: 100, step: 0.1, value: 0, 'data-testid': 'slider',
    oninput: () => session.selectShare(Number(range.value) / 100),
  });
  const brief = output('slider-brief', { class: 'brief' });
  const statement = output('slider-statement', { class: 'statement' });
  const ticks = h('div', { class: 'ticks', 'aria-hidden': 'true' }, ...[0, 25, 50, 75, 100].map((tick) => h('span', { text: `${tick}%` })));
  const element = h('div', { class: 'slider' }, brief, range, ticks, statement);
  return {
    element,
    /** @param {Frame} frame */
    update({ state, cut, outcome }) {
      const byHand = state.selection.by === 'layers';
      range.hidden = byHand;
      ticks.hidden = byHand;
      statement.hidden = !byHand;
      if (byHand) show(statement, t('statement-hand'));
      range.disabled = !cut;
      if (!cut) return;
      const sparsity = format.percent(cut.sparsity);
      attribute(brief, 'aria-busy', String(outcome?.pending !== false));
      show(brief, t('slider-brief', { sparsity, accuracy: outcome ? format.percent(outcome.test.accuracy) : '–' }));
      if (!byHand) place(state, cut, sparsity);
    },
  };

  /**
   * @param {State} state
   * @param {Cut} cut
   * @param {string} sparsity
   */
  function place({ selection, scores }, cut, sparsity) {
    const of = (/** @type {number} */ units) => (cut.unitsTotal === 0 ? 0 : units / cut.unitsTotal);
    const share = selection.by === 'fraction' ? Math.max(selection.value, of(cut.unitsHeld)) : of(cut.units);
    const at = String(Math.round(share * 1000) / 10);
    if (range.value !== at) range.value = at;
    range.style.setProperty('--at', `${share * 100}%`);
    attribute(range, 'aria-label', t(`slider-label-${scores?.method.granularity ?? 'weight'}`));
    const words = cut.threshold === null ? t('slider-value-layers', { sparsity }) : t('slider-value', { sparsity, threshold: format.small(cut.threshold) });
    attribute(range, 'aria-valuetext', words);
  }
}
