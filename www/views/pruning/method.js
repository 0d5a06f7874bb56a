// Choosing how weights are ranked and cut, and what the choice means.

import { looksAtImages, mayNormalise, methodOf, scopeOf, scoresFilters } from '../../model/method.js';
import { isScoring } from '../../state/derive.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { formula } from '../kit/formula.js';
import { createPopover } from '../kit/popover.js';
import { createRecipe } from './recipe.js';
import { createSettingControl } from '../kit/setting-control.js';

/** @import {Criterion, DatasetInfo, Method} from '../../generated/protocol.d.ts' */
/** @import {Frame, Part, Translate, View} from '../kit/view.d.ts' */

/**
 * The score of a unit in a few signs.
 * @param {Method} method
 * @param {Translate} t
 */
export function scoreSymbol({ criterion, granularity }, t) {
  const symbol = t(`symbol-${criterion}`);
  // Of these the scores are those of units already.
  if (scoresFilters(criterion) || criterion === 'random' || criterion === 'synflow') return symbol;
  return granularity === 'weight' ? symbol : t(`symbol-of-${granularity}`, { symbol });
}

/**
 * What is cut, and which scores were compared.
 * @param {Method} method
 * @param {Translate} t
 */
export function rankedWords(method, t) {
  return t('ranked', { granularity: t(`granularity-${method.granularity}`), scope: t(`scope-${scopeOf(method)}`) });
}

/**
 * The title of what a method has made.
 * @param {string} chart
 * @param {{method: Method} | null} ranking
 * @param {Translate} t
 */
export function titleOf(chart, ranking, t) {
  if (!ranking) return chart;
  const { method } = ranking;
  return t('picture-title', { chart, criterion: t(`short-${method.criterion}`), ranked: rankedWords(method, t) });
}

/**
 * @param {View} view
 * @returns {Part}
 */
export function createMethod(view) {
  const { t, format } = view;
  const names = /** @type {const} */ (['criterion', 'scope', 'granularity']);
  const controls = names.map((name) => createSettingControl(name, view));
  const rows = names.map((name, i) => h('label', { class: 'row' }, h('span', { text: t(`setting-${name}`) }), controls[i].element));
  const about = output('criterion-about');
  const batch = output('criterion-batch');
  const button = h('button', { type: 'button', class: 'link', 'data-testid': 'criterion-more', text: t('criterion-more'), title: t('criterion-more-hint') });
  const scoring = createScoring(view);
  const space = () => document.createTextNode(' ');
  const more = createMore(view, button);
  const recipe = createRecipe(view);
  const meaning = h('p', { class: 'note' }, about, space(), batch, space(), button);
  const element = h('div', { class: 'method', 'data-testid': 'method' },
    ...rows, recipe.element, meaning, scoring.element, more.element);
  return {
    element,
    update(frame) {
      const { state } = frame;
      const { settings, dataset } = state;
      for (const control of controls) control.update(settings);
      attribute(element, 'aria-busy', String(isScoring(state)));
      attribute(element, 'data-method', state.scores ? JSON.stringify(state.scores.method) : null);
      show(about, t(`about-${settings.criterion}`), settings.criterion);
      batch.hidden = !looksAtImages(settings.criterion);
      show(batch, batchWords(methodOf(settings), dataset, { t, format }));
      scoring.update(frame);
      // There is room for one of them.
      meaning.hidden = state.scoring !== null;
      more.update(frame);
      recipe.update(frame);
    },
  };
}

/**
 * How far a scoring has come that takes longer than a moment, and a way out of it.
 * @param {View} view
 */
function createScoring({ t, format, session }) {
  const words = output('scoring');
  const stop = h('button', { type: 'button', class: 'link', 'data-testid': 'stop-scoring', text: t('stop-scoring'), title: t('stop-scoring-hint'), onclick: () => { session.stopScoring(); } });
  const element = h('p', { class: 'note scoring', hidden: true }, words, document.createTextNode(' '), stop);
  return {
    element,
    /** @param {Frame} frame */
    update({ state: { scoring } }) {
      element.hidden = scoring === null;
      if (scoring) show(words, t('scoring-progress', { done: format.integer(scoring.done), total: format.integer(scoring.total) }), scoring.done);
    },
  };
}

/**
 * Which images a data-driven score looks at.
 * @param {Method} method
 * @param {DatasetInfo | null} dataset
 * @param {Pick<View, 't' | 'format'>} words
 */
function batchWords({ scoreBatch }, dataset, { t, format }) {
  const all = scoreBatch === 0 || (dataset !== null && scoreBatch >= dataset.train);
  if (!all) return t('batch-first', { images: format.integer(scoreBatch) });
  return t('batch-all', { images: dataset ? format.integer(dataset.train) : '' });
}

/**
 * The formula, where it comes from, and the options that are seldom changed.
 * @param {View} view
 * @param {HTMLButtonElement} button
 */
function createMore(view, button) {
  const { t } = view;
  const title = h('b');
  const lines = h('div', { class: 'formula', 'data-testid': 'criterion-formula' });
  const words = output('criterion-meaning');
  const source = output('criterion-source', { class: 'note' });
  const names = /** @type {const} */ (['score-batch', 'spare-classifier', 'never-empty', 'normalise']);
  const controls = names.map((name) => createSettingControl(name, view));
  const rows = names.map((name, i) => h('label', { class: 'row' }, h('span', { text: t(`setting-${name}`) }), controls[i].element));
  const fours = h('p', { class: 'note', text: t('meaning-2:4') });
  const element = createPopover(button, t('criterion-more-hint'), title, lines, h('p', {}, words), h('p', {}, source), fours, ...rows);
  /** @type {Criterion | null} */
  let shown = null;
  return {
    element,
    /** @param {Frame} frame */
    update({ state: { settings } }) {
      const { criterion } = settings;
      for (const control of controls) control.update(settings);
      fours.hidden = settings.granularity !== '2:4';
      rows[0].hidden = !looksAtImages(criterion);
      rows[3].hidden = !mayNormalise(settings);
      if (criterion === shown) return;
      shown = criterion;
      show(title, t(`criterion-${criterion}`));
      lines.replaceChildren(...formula(criterion));
      show(words, t(`meaning-${criterion}`));
      show(source, t(`source-${criterion}`));
    },
  };
}
