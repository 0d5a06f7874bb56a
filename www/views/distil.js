// Fine-tuning against the dense network: whether, and how.

import { teacherOf } from '../teacher.js';
import { h, show } from './dom.js';
import { distilFormula } from './formula.js';
import { createPopover } from './popover.js';
import { createSettingControl } from './setting-control.js';

/** @import {Part, View} from './view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createDistil(view) {
  const { t, format } = view;
  const flag = createSettingControl('distil', view);
  const words = h('span', { text: t('setting-distil') });
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
    update({ state: { settings, points } }) {
      const teacher = teacherOf(points);
      for (const control of [flag, ...controls]) control.update(settings);
      flag.element.toggleAttribute('disabled', teacher === null);
      label.classList.toggle('disabled', teacher === null);
      const why = teacher ? t('distil-teacher', { step: format.integer(teacher.step), accuracy: format.percent(teacher.test.accuracy) }) : t('distil-no-teacher');
      show(reason, why, teacher?.step ?? null);
      label.title = why;
    },
  };
}
