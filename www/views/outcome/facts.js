// What the slider asks for and what it removes, in figures.

import { layerGroups } from '../../model/ranking.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { scoreSymbol } from '../pruning/method-words.js';

/** @import {Cut} from '../../model/ranking.js' */
/** @import {State} from '../../state/types.d.ts' */
/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createFacts(view) {
  const { t, format } = view;
  const facts = ['threshold', 'requested', 'kept', 'held'].map((name) => {
    const label = h('span', { text: t(`fact-${name}`, { symbol: '' }) });
    const value = output(name, { text: '–' });
    return { label, value, fact: h('p', {}, label, value) };
  });
  const [threshold, requested, kept, held] = facts.map(({ value }) => value);
  const element = h('div', { class: 'facts' }, ...facts.map(({ fact }) => fact));
  return {
    element,
    update({ state, cut }) {
      const { scores } = state;
      if (!cut || !scores) return;
      const named = cut.threshold !== null && scores.method.granularity === 'weight';
      show(facts[0].label, t(named ? 'fact-threshold' : 'fact-no-threshold', { symbol: scoreSymbol(scores.method, t) }));
      show(threshold, thresholdWords(state, cut, view), cut.threshold);
      const { text, value } = requestWords(state, view);
      show(requested, text, value);
      show(kept, `${format.integer(cut.total - cut.pruned)}/${format.integer(cut.total)}`, cut.total - cut.pruned);
      attribute(kept, 'data-total', String(cut.total));
      show(held, format.percent(cut.total === 0 ? 0 : cut.alreadyCut / cut.total), cut.alreadyCut);
    },
  };
}

/**
 * @param {State} state
 * @param {Cut} cut
 * @param {View} view
 */
function thresholdWords({ scores }, cut, { t, format }) {
  if (cut.threshold === null) return t('threshold-by-layer');
  const largest = scores?.sorted[scores.sorted.length - 1] ?? 0;
  return cut.everything ? t('above-largest', { largest: format.small(largest) }) : format.small(cut.threshold);
}

/** Of more layers than these only the smallest and the largest share have room. */
const SHOWN = 4;

/**
 * @param {State} state
 * @param {View} view
 * @returns {{text: string, value: number | null}}
 */
function requestWords({ selection, scores, layers }, { t, format }) {
  if (!scores) return { text: '–', value: null };
  const { granularity } = scores.method;
  const units = (/** @type {string} */ share) => (granularity === 'weight' ? share : t(`of-${granularity}`, { share }));
  if (selection.by === 'layers') {
    const shares = selection.value.filter((_, layer) => layerGroups(scores, layers)[layer].units > 0);
    const written = shares.map((share) => format.wholePercent(share));
    if (shares.length <= SHOWN) return { text: units(written.join(' · ')), value: null };
    const [least, most] = [Math.min(...shares), Math.max(...shares)].map((share) => format.wholePercent(share));
    return { text: units(least === most ? least : `${least} – ${most}`), value: null };
  }
  if (selection.by === 'fraction') return { text: units(format.percent(selection.value)), value: selection.value };
  return { text: t('below', { symbol: scoreSymbol(scores.method, t), threshold: format.small(selection.value) }), value: selection.value };
}
