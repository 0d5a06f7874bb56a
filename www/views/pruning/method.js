// Choosing how weights are ranked and cut.

import { looksAtImages, methodOf } from '../../model/method.js';
import { isScoring } from '../../state/derive.js';
import { PANELS } from '../chunks.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { createFoldedPopover } from '../kit/folded.js';
import { createSettingControl } from '../kit/setting-control.js';
import { createRecipe } from './recipe.js';

/** @import {DatasetInfo, Method} from '../../generated/protocol.d.ts' */
/** @import {Frame, Part, View} from '../kit/view.d.ts' */

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
  const more = createFoldedPopover(view, button, t('criterion-more-hint'), PANELS, ({ createMethodPanel }) => createMethodPanel(view));
  const recipe = createRecipe(view);
  const meaning = h('p', { class: 'note' }, about, space(), batch, space(), button);
  const element = h('div', { class: 'method', 'data-testid': 'method' },
    ...rows, recipe.element, meaning, scoring.element, more.panel);
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
