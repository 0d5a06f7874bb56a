// What the cut costs and buys, and holding it.

import { baseline, uncertainty } from '../../state/derive.js';
import { enabled } from '../../state/enabled.js';
import { createCompareButton } from '../compare/compare-button.js';
import { createDistil } from '../pruning/distil.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { createMeter } from './meter.js';
import { createRecipeProgress } from '../pruning/recipe-progress.js';

/** @import {Frame, Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createResult(view) {
  const { t, format, session } = view;
  const sparsity = output('sparsity', { text: '–' });
  const keptText = output('sparsity-note', { text: t('sparse') });
  const accuracy = output('preview-accuracy', { text: '–' });
  const difference = output('difference', { text: t('accuracy') });
  const ratio = output('compression', { text: '–' });
  const samples = output('preview-samples', { class: 'note' });
  const range = output('preview-interval', { class: 'note interval', title: t('interval-hint') });
  const hint = output('hint', { class: 'note' });
  const prune = h('button', { type: 'button', class: 'primary', 'data-testid': 'prune', text: t('prune'), onclick: () => session.prune() });
  const tune = h('button', { type: 'button', 'data-testid': 'fine-tune', text: t('fine-tune'), title: t('fine-tune-hint'), onclick: () => session.fineTune() });
  const compare = createCompareButton(view);
  const distil = createDistil(view);
  const meter = createMeter(view);
  const progress = createRecipeProgress(view);
  const figure = (/** @type {HTMLElement} */ value, /** @type {Node} */ words) => h('div', { class: 'big' }, h('b', {}, value), h('span', {}, words));
  const element = h('div', { class: 'result' },
    h('div', { class: 'bigs' }, figure(sparsity, keptText), figure(accuracy, difference), figure(ratio, meter.element)),
    h('div', { class: 'buttons' }, prune, tune, compare.element), distil.element, samples, range, hint, progress.element);
  return {
    element,
    update(frame) {
      const { state, cut, outcome } = frame;
      const may = enabled(state, cut);
      prune.disabled = !may.prune;
      tune.disabled = !may.fineTune;
      hint.hidden = state.recipe !== null;
      compare.update(frame);
      distil.update(frame);
      meter.update(frame);
      progress.update(frame);
      if (!cut) return;
      const kept = cut.total - cut.pruned;
      show(sparsity, format.percent(cut.sparsity), cut.sparsity);
      show(keptText, t('sparse-kept', { kept: format.count(kept) }), kept);
      show(ratio, kept === 0 ? '∞' : format.ratio(cut.total / kept));
      show(hint, t(hintKey(frame)));
      showOutcome(frame);
      if (outcome) attribute(samples, 'data-ms', outcome.ms === null ? null : String(outcome.ms));
    },
  };

  /** @param {Frame} frame */
  function showOutcome({ state, outcome }) {
    if (!outcome) return;
    const { test, ms, refined, pending, pruned } = outcome;
    show(accuracy, format.percent(test.accuracy), test.accuracy);
    attribute(accuracy, 'data-pruned', String(pruned));
    attribute(accuracy, 'aria-busy', String(pending));
    const reference = baseline(state, outcome);
    const delta = reference === null || pending ? null : test.accuracy - reference;
    show(difference, delta === null ? t('accuracy') : t('accuracy-delta', { delta: format.points(delta) }), delta);
    attribute(samples, 'data-of', String(state.dataset?.test ?? test.samples));
    const open = uncertainty(state, outcome);
    const timed = ms !== null && !refined;
    const all = format.integer(open?.of ?? test.samples);
    const key = `${open ? 'estimated-on' : 'measured-on'}${timed ? '-in' : ''}`;
    show(samples, t(key, { samples: format.integer(test.samples), all, ms: timed ? format.small(ms) : '' }), test.samples);
    show(range, open ? t('interval', { all, low: format.percent(open.low), high: format.percent(open.high) }) : '', open ? open.high - open.low : null);
  }

  /** @param {Frame} frame */
  function hintKey({ state, cut }) {
    if (!cut || cut.pruned > cut.alreadyCut) return 'hint-preview';
    if (cut.alreadyCut === 0) return 'hint-drag';
    const held = cut.unitsTotal === 0 ? 0 : cut.unitsHeld / cut.unitsTotal;
    const asked = state.selection.by === 'fraction' ? state.selection.value : held;
    return asked < held - 0.0005 ? 'hint-held' : 'hint-pruned';
  }
}
