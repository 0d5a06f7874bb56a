// The pruning control: the slider, what it removes, what that costs, and holding it.

import { baseline } from '../derive.js';
import { attribute, h, output, show } from './dom.js';
import { createHistogram } from './histogram.js';

/** @import {Frame, Part, View} from './view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createPruning(view) {
  const { t } = view;
  const facts = createFacts(view);
  const histogram = createHistogram(view);
  const slider = createSlider(view);
  const result = createResult(view);
  const element = h('footer', { class: 'pruning', 'aria-label': t('pruning-heading') }, facts.element, histogram.element, slider.element, result.element);
  return {
    element,
    destroy: histogram.destroy,
    update(frame) {
      for (const part of [facts, histogram, slider, result]) part.update(frame);
    },
  };
}

/** @param {View} view */
function createFacts({ t, format }) {
  const rows = ['threshold', 'requested', 'kept', 'held'].map((name) => {
    const value = output(name, { text: '–' });
    return { value, row: h('p', { class: 'row' }, h('span', { text: t(`fact-${name}`) }), value) };
  });
  const [threshold, requested, kept, held] = rows.map(({ value }) => value);
  const element = h('div', { class: 'facts' }, h('h2', { text: t('pruning-heading') }), h('p', { class: 'note', text: t('criterion-note') }), ...rows.map(({ row }) => row));
  return {
    element,
    /** @param {Frame} frame */
    update({ state: { selection, scores }, cut }) {
      if (!cut || !scores) return;
      const { sorted } = scores;
      const largest = format.small(sorted[sorted.length - 1] ?? 0);
      show(threshold, cut.everything ? t('above-largest', { largest }) : format.small(cut.threshold), cut.threshold);
      const asked = selection.by === 'fraction' ? format.percent(selection.value) : t('below', { threshold: format.small(selection.value) });
      show(requested, asked, selection.value);
      show(kept, `${format.integer(cut.total - cut.pruned)}/${format.integer(cut.total)}`, cut.total - cut.pruned);
      attribute(kept, 'data-total', String(cut.total));
      show(held, format.percent(cut.alreadyCut / cut.total), cut.alreadyCut);
    },
  };
}

/** @param {View} view */
function createSlider({ t, format, session }) {
  const range = h('input', {
    type: 'range', min: 0, max: 100, step: 0.1, value: 0, 'aria-label': t('slider-label'), 'data-testid': 'slider',
    oninput: () => session.select({ by: 'fraction', value: Number(range.value) / 100 }),
  });
  const brief = output('slider-brief', { class: 'brief' });
  const ticks = [0, 25, 50, 75, 100].map((tick) => h('span', { text: `${tick}%` }));
  const element = h('div', { class: 'slider' }, brief, range, h('div', { class: 'ticks', 'aria-hidden': 'true' }, ...ticks));
  return {
    element,
    /** @param {Frame} frame */
    update({ state: { selection }, cut, outcome }) {
      range.disabled = !cut;
      if (!cut) return;
      const share = selection.by === 'fraction' ? Math.max(selection.value, cut.alreadyCut / cut.total) : cut.sparsity;
      const place = String(Math.round(share * 1000) / 10);
      if (range.value !== place) range.value = place;
      range.style.setProperty('--at', `${share * 100}%`);
      const sparsity = format.percent(cut.sparsity);
      attribute(range, 'aria-valuetext', t('slider-value', { sparsity, threshold: format.small(cut.threshold) }));
      show(brief, t('slider-brief', { sparsity, accuracy: outcome ? format.percent(outcome.test.accuracy) : '–' }));
    },
  };
}

/** @param {View} view */
function createResult(view) {
  const { t, format, session } = view;
  const sparsity = output('sparsity', { text: '–' });
  const keptText = output('sparsity-note', { text: t('sparse') });
  const accuracy = output('preview-accuracy', { text: '–' });
  const difference = output('difference', { text: t('accuracy') });
  const ratio = output('compression', { text: '–' });
  const samples = output('preview-samples', { class: 'note' });
  const hint = output('hint', { class: 'note' });
  const prune = h('button', { type: 'button', class: 'primary', 'data-testid': 'prune', text: t('prune'), onclick: () => session.prune() });
  const tune = h('button', { type: 'button', 'data-testid': 'fine-tune', text: t('fine-tune'), title: t('fine-tune-hint'), onclick: () => session.fineTune() });
  const figure = (/** @type {HTMLElement} */ value, /** @type {Node} */ words) => h('div', { class: 'big' }, h('b', {}, value), h('span', {}, words));
  const element = h('div', { class: 'result' },
    h('div', { class: 'bigs' }, figure(sparsity, keptText), figure(accuracy, difference), figure(ratio, h('span', { text: t('fewer-weights') }))),
    h('div', { class: 'buttons' }, prune, tune), samples, hint);
  return {
    element,
    /** @param {Frame} frame */
    update(frame) {
      const { state, cut, outcome } = frame;
      const ready = state.phase === 'ready' && cut !== null;
      prune.disabled = !ready || cut.pruned <= cut.alreadyCut;
      tune.disabled = !ready || cut.alreadyCut === 0 || state.activity === 'fine-tuning';
      if (!cut) return;
      const kept = cut.total - cut.pruned;
      show(sparsity, format.percent(cut.sparsity), cut.sparsity);
      show(keptText, t('sparse-kept', { kept: format.integer(kept) }), kept);
      show(ratio, kept === 0 ? '∞' : format.ratio(cut.total / kept));
      show(hint, t(hintKey(frame)));
      showOutcome(frame);
      if (outcome) attribute(samples, 'data-ms', outcome.ms === null ? null : String(outcome.ms));
    },
  };

  /** @param {Frame} frame */
  function showOutcome({ state, outcome }) {
    if (!outcome) return;
    const { test, ms, pending, pruned } = outcome;
    show(accuracy, format.percent(test.accuracy), test.accuracy);
    attribute(accuracy, 'data-pruned', String(pruned));
    attribute(accuracy, 'aria-busy', String(pending));
    const reference = baseline(state, outcome);
    const delta = reference === null || pending ? null : test.accuracy - reference;
    show(difference, delta === null ? t('accuracy') : t('accuracy-delta', { delta: format.points(delta) }), delta);
    attribute(samples, 'data-of', String(state.dataset?.test ?? test.samples));
    const words = { samples: format.integer(test.samples), ms: ms === null ? '' : format.small(ms) };
    show(samples, t(ms === null ? 'measured-on' : 'measured-on-in', words), test.samples);
  }

  /** @param {Frame} frame */
  function hintKey({ state, cut }) {
    if (!cut || cut.pruned > cut.alreadyCut) return 'hint-preview';
    if (cut.alreadyCut === 0) return 'hint-drag';
    const asked = state.selection.by === 'fraction' ? state.selection.value : cut.sparsity;
    return asked < cut.sparsity - 0.0005 ? 'hint-held' : 'hint-pruned';
  }
}
