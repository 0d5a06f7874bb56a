// What is in the dialog, under two tabs: the race of methods and the scan of layers.

import { attribute, h } from '../kit/dom.js';
import { createRace } from './race.js';
import { createScan } from './scan.js';

/** @import {Tab} from '../../session/comparison.js' */
/** @import {Inside, View} from '../kit/view.d.ts' */

/** @type {readonly Tab[]} */
const TABS = ['race', 'scan'];

/**
 * @param {View} view
 * @param {HTMLElement} head Of the dialog, where the tabs are put first.
 * @returns {Inside}
 */
export function createCompareTabs(view, head) {
  const { t, session } = view;
  const { comparison } = session;
  const panels = { race: createRace(view), scan: createScan(view) };
  const tabs = TABS.map((name) => h('button', {
    type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': `tabpanel-${name}`, 'data-testid': `tab-${name}`,
    text: t(`tab-${name}`), onclick: () => comparison.choose(name),
  }));
  const boxes = TABS.map((name) => h('div', {
    role: 'tabpanel', id: `tabpanel-${name}`, class: 'compare-panel', 'aria-labelledby': `tab-${name}`,
  }, panels[name].element));
  head.prepend(h('div', { role: 'tablist', 'aria-label': t('compare'), onkeydown: move }, ...tabs));

  /** @param {KeyboardEvent} event */
  function move(event) {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    const other = TABS[1 - TABS.indexOf(comparison.tab)];
    comparison.choose(other);
    tabs[TABS.indexOf(other)].focus();
  }

  return {
    elements: boxes,
    destroy: () => TABS.forEach((name) => panels[name].destroy?.()),
    update(frame) {
      const { tab } = comparison;
      TABS.forEach((name, i) => {
        attribute(tabs[i], 'aria-selected', String(name === tab));
        attribute(tabs[i], 'tabindex', name === tab ? '0' : '-1');
        boxes[i].hidden = name !== tab;
      });
      panels[tab].update(frame);
    },
  };
}
