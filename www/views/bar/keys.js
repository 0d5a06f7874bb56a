// The keys that play the widget, as a list.

import { h } from '../kit/dom.js';

/** @import {View} from '../kit/view.d.ts' */

/** @param {View} view */
export function createKeys({ t }) {
  /** @type {[string[], string][]} */
  const keys = [
    [[t('key-space')], 'key-does-run'], [['.'], 'key-does-step'], [['R'], 'key-does-reset'],
    [['←', '→'], 'key-does-nudge'], [['Shift', '←', '→'], 'key-does-leap'], [['Esc'], 'key-does-close'],
  ];
  return [
    h('h2', { text: t('keys-heading') }),
    h('dl', { class: 'keys-list' }, ...keys.flatMap(([names, does]) => [
      h('dt', {}, ...names.map((text) => h('kbd', { text }))), h('dd', { text: t(does) }),
    ])),
    h('p', { class: 'note', text: t('keys-note') }),
  ];
}
