// Fine-tuning against a teacher: whether, and whose.

import { isEarlierNetwork, teacherOf } from '../../state/teacher.js';
import { PANELS } from '../chunks.js';
import { attribute, h, show } from '../kit/dom.js';
import { createFoldedPopover } from '../kit/folded.js';
import { createSettingControl } from '../kit/setting-control.js';
import { nameOfTeacher, reasonOf } from './distil-words.js';

/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createDistil(view) {
  const { t } = view;
  const flag = createSettingControl('distil', view);
  const words = h('span', { 'data-testid': 'distil-words', text: t('setting-distil') });
  const label = h('label', { class: 'check' }, flag.element, words);
  const more = h('button', { type: 'button', class: 'link', 'data-testid': 'distil-more', text: t('criterion-more'), title: t('distil-more-hint') });
  const folded = createFoldedPopover(view, more, t('distil-more-hint'), PANELS, ({ createDistilPanel }) => createDistilPanel(view));
  return {
    element: h('div', { class: 'distil' }, label, more, folded.panel),
    update(frame) {
      const { state } = frame;
      const teacher = teacherOf(state);
      flag.update(state.settings);
      show(words, t(isEarlierNetwork(teacher, state) ? 'distil-by' : 'setting-distil', nameOfTeacher(teacher, view)));
      attribute(flag.element, 'aria-label', words.textContent);
      flag.element.toggleAttribute('disabled', teacher === null);
      label.classList.toggle('disabled', teacher === null);
      label.title = reasonOf(teacher, state, view);
      folded.update(frame);
    },
  };
}
