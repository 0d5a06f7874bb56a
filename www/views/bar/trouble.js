// The card in the place of the network while the widget can't be used: what happened, what to do, and the buttons that do it.

import { isReplaced } from '../../data/version.js';
import { h } from '../kit/dom.js';
import { allowRemedies, createRemedies } from './remedy-buttons.js';

/** @import {State, Trouble} from '../../state/types.d.ts' */
/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @param {() => Promise<boolean>} isOutdated Whether the files of this version may be gone.
 * @returns {Part}
 */
export function createTrouble(view, isOutdated = isReplaced) {
  const { t, session } = view;
  const title = h('h3');
  const sentence = h('p');
  const kept = h('p', { class: 'note' });
  const buttons = h('div', { class: 'buttons' });
  const details = h('p', { class: 'note details' });
  const element = h('div', { class: 'trouble', role: 'alert', 'data-testid': 'trouble', hidden: true }, title, sentence, kept, buttons, details);
  /** @type {Trouble | null} */
  let shown = null;

  /**
   * @param {Trouble['kind'] | 'outdated'} kind
   * @param {Trouble} trouble
   * @param {State} state
   */
  function tell(kind, { values }, state) {
    element.dataset.key = kind;
    title.textContent = t(`trouble-${kind}`);
    sentence.textContent = t(`trouble-${kind}-sentence`, values);
    // Reloading keeps the last network, and not the list of states.
    kept.hidden = kind === 'outdated' ? session.keeper?.stored !== true : state.points.length === 0;
    kept.textContent = t(kind === 'outdated' ? 'trouble-outdated-kept' : 'trouble-states-kept');
    buttons.replaceChildren(...createRemedies(kind, state, view));
    details.hidden = !values.message;
    details.textContent = t('trouble-details', values);
  }

  return {
    element,
    update({ state }) {
      const { trouble } = state;
      allowRemedies(buttons, state);
      if (trouble === shown) return;
      shown = trouble;
      element.hidden = trouble === null;
      if (!trouble) return;
      tell(trouble.kind, trouble, state);
      if (trouble.kind !== 'load-failed') return;
      isOutdated().then((outdated) => { if (outdated && shown === trouble) tell('outdated', trouble, state); });
    },
  };
}
