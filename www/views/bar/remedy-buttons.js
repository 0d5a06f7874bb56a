// Buttons for what can be done about a notice or a trouble; the first is the one to try.

import { carryOut, remedies } from '../../session/remedies.js';
import { enabled } from '../../state/enabled.js';
import { h } from '../kit/dom.js';

/** @import {State} from '../../state/types.d.ts' */
/** @import {View} from '../kit/view.d.ts' */

/**
 * @param {string} key
 * @param {State} state
 * @param {View} view
 * @param {() => void} [done] Told when one was pressed.
 */
export function createRemedies(key, state, { session, t, format }, done = () => {}) {
  return remedies(key, state).map((remedy, i) => {
    const words = Object.entries(remedy.values ?? {}).map(([name, value]) => [name, name === 'rate' ? value : format.integer(Number(value))]);
    return h('button', {
      type: 'button', class: i === 0 ? 'primary' : null, 'data-remedy': remedy.id, text: t(`remedy-${remedy.id}`, Object.fromEntries(words)),
      onclick: () => {
        carryOut(session, remedy);
        done();
      },
    });
  });
}

/**
 * Those that would do nothing now can't be pressed.
 * @param {HTMLElement} element That holds the buttons.
 * @param {State} state
 */
export function allowRemedies(element, state) {
  const { goBack } = enabled(state, null);
  for (const button of element.querySelectorAll('button')) button.disabled = button.getAttribute('data-remedy') === 'last-state' && !goBack;
}
