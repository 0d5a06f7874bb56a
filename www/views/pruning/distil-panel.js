// How fine-tuning against a teacher works, and its numbers.

import { teacherOf } from '../../state/teacher.js';
import { h, show } from '../kit/dom.js';
import { distilFormula } from '../kit/formula.js';
import { createSettingControl } from '../kit/setting-control.js';
import { reasonOf } from './distil-words.js';

/** @import {Inside, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Inside}
 */
export function createDistilPanel(view) {
  const { t } = view;
  const reason = h('p', { class: 'note', 'data-testid': 'distil-reason' });
  const names = /** @type {const} */ (['alpha', 'temperature']);
  const controls = names.map((name) => createSettingControl(name, view));
  const rows = names.map((name, i) => h('label', { class: 'row' }, h('span', { text: t(`setting-${name}`) }), controls[i].element));
  return {
    elements: [
      h('b', { text: t('distil-title') }), h('div', { class: 'formula', 'data-testid': 'distil-formula' }, ...distilFormula()),
      h('p', { text: t('distil-meaning') }), h('p', { class: 'note', text: t('distil-source') }), ...rows, reason,
    ],
    update({ state }) {
      const teacher = teacherOf(state);
      for (const control of controls) control.update(state.settings);
      show(reason, reasonOf(teacher, state, view), teacher?.step ?? null);
    },
  };
}
