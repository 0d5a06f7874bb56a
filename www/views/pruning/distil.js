// Fine-tuning against a teacher: whether, whose, and how.

import { isEarlierNetwork, teacherOf } from '../../state/teacher.js';
import { attribute, h, show } from '../kit/dom.js';
import { distilFormula } from '../kit/formula.js';
import { createPopover } from '../kit/popover.js';
import { createSettingControl } from '../kit/setting-control.js';
import { networkName } from '../kit/layer-name.js';

/** @import {Teacher} from '../../state/types.d.ts' */
/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createDistil(view) {
  const { t, format } = view;
  const flag = createSettingControl('distil', view);
  const words = h('span', { 'data-testid': 'distil-words', text: t('setting-distil') });
  const label = h('label', { class: 'check' }, flag.element, words);
  const more = h('button', { type: 'button', class: 'link', 'data-testid': 'distil-more', text: t('criterion-more'), title: t('distil-more-hint') });
  const reason = h('p', { class: 'note', 'data-testid': 'distil-reason' });
  const names = /** @type {const} */ (['alpha', 'temperature']);
  const controls = names.map((name) => createSettingControl(name, view));
  const rows = names.map((name, i) => h('label', { class: 'row' }, h('span', { text: t(`setting-${name}`) }), controls[i].element));
  const panel = createPopover(more, t('distil-more-hint'),
    h('b', { text: t('distil-title') }), h('div', { class: 'formula', 'data-testid': 'distil-formula' }, ...distilFormula()),
    h('p', { text: t('distil-meaning') }), h('p', { class: 'note', text: t('distil-source') }), ...rows, reason);
  const element = h('div', { class: 'distil' }, label, more, panel);
  return {
    element,
    update({ state }) {
      const teacher = teacherOf(state);
      const earlier = isEarlierNetwork(teacher, state);
      for (const control of [flag, ...controls]) control.update(state.settings);
      show(words, t(earlier ? 'distil-by' : 'setting-distil', who(teacher)));
      attribute(flag.element, 'aria-label', words.textContent);
      flag.element.toggleAttribute('disabled', teacher === null);
      label.classList.toggle('disabled', teacher === null);
      const taught = earlier ? 'distil-teacher-before' : 'distil-teacher';
      const why = t(teacher ? taught : 'distil-no-teacher', who(teacher));
      show(reason, why, teacher?.step ?? null);
      label.title = why;
    },
  };

  /**
   * @param {Teacher | null} teacher
   * @returns {Record<string, string>}
   */
  function who(teacher) {
    if (!teacher) return {};
    return { filters: networkName(teacher, { t, format }), step: format.integer(teacher.step), accuracy: format.percent(teacher.accuracy) };
  }
}
