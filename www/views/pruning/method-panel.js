// What a score means: the formula, where it comes from, and the options that are seldom changed.

import { looksAtImages, mayNormalise } from '../../model/method.js';
import { h, output, show } from '../kit/dom.js';
import { formula } from '../kit/formula.js';
import { createSettingControl } from '../kit/setting-control.js';

/** @import {Criterion} from '../../generated/protocol.d.ts' */
/** @import {Inside, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Inside}
 */
export function createMethodPanel(view) {
  const { t } = view;
  const title = h('b');
  const lines = h('div', { class: 'formula', 'data-testid': 'criterion-formula' });
  const words = output('criterion-meaning');
  const source = output('criterion-source', { class: 'note' });
  const names = /** @type {const} */ (['score-batch', 'spare-classifier', 'never-empty', 'normalise']);
  const controls = names.map((name) => createSettingControl(name, view));
  const rows = names.map((name, i) => h('label', { class: 'row' }, h('span', { text: t(`setting-${name}`) }), controls[i].element));
  const fours = h('p', { class: 'note', text: t('meaning-2:4') });
  /** @type {Criterion | null} */
  let shown = null;
  return {
    elements: [title, lines, h('p', {}, words), h('p', {}, source), fours, ...rows],
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
