// The slider: how many of the units go. Where one slider makes no sense, a sentence stands in its place.

import { attribute, h, output, show } from './dom.js';

/** @import {Cut} from '../model/ranking.js' */
/** @import {State} from '../state/types.d.ts' */
/** @import {Frame, Part, View} from './view.d.ts' */

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
  const note = h('p', { class: 'note', text: t('statement-four-note') });
  const ticks = h('div', { class: 'ticks', 'aria-hidden': 'true' }, ...[0, 25, 50, 75, 100].map((tick) => h('span', { text: `${tick}%` })));
  const element = h('div', { class: 'slider' }, brief, range, ticks, statement, note);
  return {
    element,
    /** @param {Frame} frame */
    update({ state, cut, outcome }) {
      const sentence = statementKey(state);
      range.hidden = sentence !== null;
      ticks.hidden = sentence !== null;
      statement.hidden = sentence === null;
      note.hidden = sentence !== 'statement-four';
      if (sentence !== null) show(statement, t(sentence));
      range.disabled = !cut;
      if (!cut) return;
      const sparsity = format.percent(cut.sparsity);
      attribute(brief, 'aria-busy', String(outcome?.pending !== false));
      show(brief, t('slider-brief', { sparsity, accuracy: outcome ? format.percent(outcome.test.accuracy) : '–' }));
      if (sentence === null) place(state, cut, sparsity);
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
    attribute(range, 'aria-label', t(scores?.method.granularity === 'filter' ? 'slider-label-filter' : 'slider-label'));
    const words = cut.threshold === null ? t('slider-value-layers', { sparsity }) : t('slider-value', { sparsity, threshold: format.small(cut.threshold) });
    attribute(range, 'aria-valuetext', words);
  }
}

/**
 * The sentence that stands in for the slider.
 * @param {State} state
 */
function statementKey({ scores, selection }) {
  if (scores?.method.granularity === '2:4') return 'statement-four';
  return selection.by === 'layers' ? 'statement-hand' : null;
}
