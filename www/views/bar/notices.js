// What a person should know and can act on, until dismissed.

import { h } from '../kit/dom.js';
import { allowRemedies, createRemedies } from './remedy-buttons.js';

/** @import {Notice, State} from '../../state/types.d.ts' */
/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createNotices(view) {
  const { t, session, format } = view;
  const element = h('div', { class: 'notices', role: 'status', 'data-testid': 'notices' });
  /** @type {readonly Notice[] | null} */
  let shown = null;
  return {
    element,
    update({ state }) {
      const { notices } = state;
      if (notices !== shown) element.replaceChildren(...notices.map((notice) => card(notice, state)));
      shown = notices;
      allowRemedies(element, state);
    },
  };

  /**
   * @param {Notice} notice
   * @param {State} state
   */
  function card(notice, state) {
    const dismiss = () => session.dismiss(notice.id);
    const buttons = createRemedies(notice.key, state, view, dismiss);
    return h('div', { class: `notice ${notice.tone}`, 'data-key': notice.key },
      h('p', { text: sentence(notice) }),
      h('button', { type: 'button', class: 'dismiss', 'aria-label': t('dismiss'), text: '✕', onclick: dismiss }),
      buttons.length > 0 ? h('div', { class: 'buttons' }, ...buttons) : null);
  }

  /** @param {Notice} notice */
  function sentence({ key, values }) {
    if (key === 'error-bad-data' && !values.files) return t('error-bad-data-unnamed', values);
    if (key === 'webgpu-refused') return t(key, { reason: t(`reason-${values.reason}`, { detail: values.detail }) });
    if (key === 'recipe-done') return t(key, doneWords(values));
    if (key.startsWith('opened-')) return t(key, openedWords(values));
    return t(key, values);
  }

  /** @param {Record<string, string>} values Numbers, unrounded; those that the file does not say are absent. */
  function openedWords({ accuracy, samples, stored, storedSamples, loss, storedLoss }) {
    const share = (/** @type {string} */ text) => format.percent(Number(text));
    return {
      accuracy: share(accuracy), samples: format.integer(Number(samples)), stored: share(stored), storedSamples: format.integer(Number(storedSamples)),
      difference: format.points(Number(accuracy) - Number(stored)), loss, storedLoss,
    };
  }

  /** @param {Record<string, string>} values Numbers, unrounded. */
  function doneWords({ sparsity, accuracy, samples }) {
    return { sparsity: format.percent(Number(sparsity)), accuracy: format.percent(Number(accuracy)), samples: format.integer(Number(samples)) };
  }
}
