// Choosing a folder or zip of own images, and how far the reading of it is.

import { takeFiles } from '../../data/own-drop.js';
import { h, output, show } from '../kit/dom.js';

/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part & {choose: HTMLElement[]}} `choose` are the buttons, for the row in which they stand.
 */
export function createOwn(view) {
  const { t, session, format } = view;
  const choose = [picker(view, 'own-folder', { webkitdirectory: true }), picker(view, 'own-zip', { accept: '.zip,application/zip' })];
  const bar = h('progress', { max: 1 });
  const words = output('own-progress');
  const cancel = h('button', { type: 'button', 'data-testid': 'own-cancel', text: t('own-cancel'), onclick: () => session.own.cancel() });
  const element = h('div', { class: 'own-reading' }, words, bar, cancel);
  return {
    element,
    choose,
    update({ state }) {
      const { progress } = session.own;
      for (const each of choose) each.hidden = state.settings.dataset !== 'own' || progress !== null;
      element.hidden = progress === null;
      if (!progress) return;
      const share = progress.total > 0 ? progress.done / progress.total : 0;
      bar.value = share;
      show(words, t('own-reading', { share: format.wholePercent(share) }), share);
    },
  };
}

/**
 * @param {View} view
 * @param {'own-folder' | 'own-zip'} name
 * @param {Record<string, string | boolean>} properties Of the file input behind the button.
 */
function picker({ t, session }, name, properties) {
  const label = t(`${name}-label`);
  const input = h('input', {
    type: 'file', class: 'visually-hidden', 'data-testid': `${name}-input`, 'aria-label': label, tabindex: -1, ...properties,
    onchange: () => {
      takeFiles(session, [...(input.files ?? [])]);
      input.value = '';
    },
  });
  const button = h('button', { type: 'button', 'data-testid': name, text: t(name), title: label, onclick: () => input.click() });
  return h('span', {}, button, input);
}
