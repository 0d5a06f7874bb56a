// What greets a person: the state of their last visit on offer, or the slider to drag.

import { attribute, h, show } from '../kit/dom.js';

/** @import {Kept} from '../../state/types.d.ts' */
/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createFirstContact(view) {
  const offer = createOffer(view);
  const invitation = createInvitation(view);
  return {
    element: h('div', { class: 'greeting', role: 'status' }, offer.element, invitation.element),
    update(frame) {
      offer.update(frame);
      invitation.update(frame);
    },
  };
}

/**
 * @param {View} view
 * @returns {Part}
 */
function createOffer({ t, format, session }) {
  const words = h('p', { 'data-testid': 'offer-words' });
  const files = h('p', { class: 'note', text: t('offer-files') });
  const button = (/** @type {string} */ key, /** @type {() => void} */ decide) => h('button', {
    type: 'button', 'data-testid': key, text: t(key),
    onclick: () => {
      decide();
      // The button goes, and with it the focus: the keys are to play the widget still.
      const app = element.closest('.app');
      if (app instanceof HTMLElement) app.focus({ preventScroll: true });
    },
  });
  const element = h('div', { class: 'offer', role: 'group', 'aria-label': t('offer-heading'), 'data-testid': 'offer' },
    h('h2', { text: t('offer-heading') }), words, files,
    h('div', { class: 'choices' },
      button('offer-accept', () => session.keeper?.accept()),
      button('offer-decline', () => session.keeper?.decline()),
      button('offer-forget', () => session.keeper?.forget())));
  return {
    element,
    update() {
      const offer = session.keeper?.offer ?? null;
      element.hidden = offer === null;
      if (!offer || !session.keeper) return;
      show(words, sentence(offer));
      files.hidden = !session.keeper.offerNeedsFiles;
    },
  };

  /** @param {Kept} kept */
  function sentence({ savedAt, settings, step, sparsity, accuracy }) {
    return t(sparsity > 0 ? 'offer-sparse' : 'offer-dense', {
      when: format.when(savedAt, Date.now()),
      accuracy: format.percent(accuracy),
      sparsity: format.percent(sparsity),
      step: format.integer(step),
      dataset: t(`dataset-${settings.dataset}`),
    });
  }
}

/**
 * Points a first visitor at the slider, once a network has been trained before their eyes.
 * @param {View} view
 * @returns {Part}
 */
function createInvitation({ t, session }) {
  const words = h('span', { text: t('invitation') });
  const element = h('div', { class: 'invitation', 'data-testid': 'invitation' });
  return {
    element,
    update({ state }) {
      // Going the other way it has come where it was to lead.
      const inviting = session.autoplay?.invites === true && state.activity === 'idle';
      attribute(element, 'data-shown', inviting ? 'true' : null);
      if (inviting && !words.isConnected) element.replaceChildren(words);
      else if (!inviting) element.replaceChildren();
    },
  };
}
