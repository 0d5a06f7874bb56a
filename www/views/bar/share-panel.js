// Passing an experiment on: a link, the code that embeds it, the network and its recipe as files.

import { recipeNow } from '../../model/own-recipe.js';
import { embedCode, linkTo, settingsNow } from '../../model/share.js';
import { OWN_PAGE, OWN_SCRIPT } from '../../place.js';
import { h, output, show } from '../kit/dom.js';
import { createTakeHome } from './take-home.js';

/** @import {Inside, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @param {HTMLElement} panel That it is in.
 * @returns {Inside}
 */
export function createSharePanel(view, panel) {
  const { t, session } = view;
  const said = output('share-said', { class: 'note', 'aria-live': 'polite' });
  const link = h('input', { type: 'text', readonly: true, 'data-testid': 'share-link', 'aria-label': t('share-link'), onfocus: () => link.select() });
  const code = h('textarea', { readonly: true, rows: 5, spellcheck: 'false', 'data-testid': 'share-code', 'aria-label': t('share-code'), onfocus: () => code.select() });
  const copy = (/** @type {string} */ name, /** @type {HTMLInputElement | HTMLTextAreaElement} */ field) => h('button', {
    type: 'button', 'data-testid': name, text: t(name), onclick: () => copyFrom(field, said, view),
  });
  const files = createTakeHome(view, said);
  return {
    elements: [
      h('h2', { text: t('share-link') }), h('p', { class: 'note', text: t('share-link-note') }), h('div', { class: 'copy' }, link, copy('copy-link', link)),
      h('h2', { text: t('share-code') }), code, h('div', { class: 'buttons' }, copy('copy-code', code)),
      ...files.elements, said,
    ],
    open: () => show(said, ''),
    update({ state, cut }) {
      files.update(state);
      const settings = settingsNow(state, cut);
      write(link, linkTo(settings, pageOf(panel)));
      write(code, embedCode(settings, OWN_SCRIPT));
      files.offer(recipeNow(session.state, cut) !== null);
    },
  };
}

/**
 * The page that opens this experiment from a link: the one around it where that keeps its settings in the address.
 * @param {Element} element
 */
function pageOf(element) {
  const root = element.getRootNode();
  return root instanceof ShadowRoot && root.host.hasAttribute('hash') ? location.href : OWN_PAGE;
}

/**
 * Writes only what changed, so that what a person has marked stays marked.
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {string} text
 */
function write(field, text) {
  if (field.value !== text) field.value = text;
}

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {HTMLElement} said
 * @param {View} view
 */
async function copyFrom(field, said, { t }) {
  try {
    await navigator.clipboard.writeText(field.value);
    show(said, t('copied'));
  } catch {
    // Refused, or there is none on an insecure page: marked, it is a key away.
    field.focus();
    field.select();
    show(said, t('copy-yourself'));
  }
}
