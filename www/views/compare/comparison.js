// The dialog over the page with its two tabs: the race of methods and the scan of layers. The page behind goes on.

import { attribute, h } from '../kit/dom.js';
import { createRace } from './race.js';
import { createScan } from './scan.js';

/** @import {Tab} from '../../session/comparison.js' */
/** @import {Part, View} from '../kit/view.d.ts' */

/** @type {readonly Tab[]} */
const TABS = ['race', 'scan'];

/**
 * @param {View} view
 * @returns {Part}
 */
export function createComparison(view) {
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
  const list = h('div', { role: 'tablist', 'aria-label': t('compare'), onkeydown: move }, ...tabs);
  const close = h('button', { type: 'button', class: 'close', 'data-testid': 'compare-close', text: t('close'), onclick: () => element.close() });
  const element = h('dialog', {
    class: 'compare', 'data-testid': 'comparison', 'aria-label': t('compare'),
    onclose: () => comparison.setOpen(false),
    // The page's own keys train and cut; they are not meant here.
    onkeydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
  }, h('div', { class: 'compare-head' }, list, close), ...boxes);

  /** @param {KeyboardEvent} event */
  function move(event) {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    const other = TABS[1 - TABS.indexOf(comparison.tab)];
    comparison.choose(other);
    tabs[TABS.indexOf(other)].focus();
  }

  return {
    element,
    destroy: () => TABS.forEach((name) => panels[name].destroy?.()),
    update(frame) {
      const { open, tab } = comparison;
      if (open && !element.open && element.isConnected) element.showModal();
      if (!open) return;
      TABS.forEach((name, i) => {
        attribute(tabs[i], 'aria-selected', String(name === tab));
        attribute(tabs[i], 'tabindex', name === tab ? '0' : '-1');
        boxes[i].hidden = name !== tab;
      });
      panels[tab].update(frame);
    },
  };
}
