// The line below the widget while a "try it" is under way, and after: what it does, how far it is, Stop, the way back.

import { h, show } from '../views/kit/dom.js';
import { pageLanguage, tryWords } from './try-words.js';

export class TryLine {
  /** @type {HTMLButtonElement | null} The button that it speaks of. */
  #button = null;
  #state = h('p', { 'data-testid': 'try-state', 'aria-live': 'polite' });
  #progress = h('progress', { 'aria-hidden': 'true' });
  #stop;
  #back;
  #element;
  /** Once it is over, the words beside the button suffice where the button is seen. */
  #seen = new IntersectionObserver((entries) => {
    if (entries.at(-1)?.isIntersecting && this.#stop.hidden) this.hide();
  });

  /**
   * @param {Element} place
   * @param {() => void} onStop
   */
  constructor(place, onStop) {
    this.#stop = h('button', { type: 'button', 'data-testid': 'try-stop', onclick: onStop });
    this.#back = h('button', { type: 'button', 'data-testid': 'try-back', onclick: () => this.#goBack() });
    this.#element = h('div', { class: 'trying', role: 'group' }, this.#state, this.#progress, this.#stop, this.#back);
    this.hide();
    place.append(this.#element);
  }

  get language() {
    return pageLanguage();
  }

  hide() {
    this.#element.hidden = true;
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {string} words
   * @param {boolean} busy
   */
  show(button, words, busy) {
    if (this.#button !== button) {
      this.#leave();
      this.#button = button;
      this.#seen.observe(button);
    }
    const t = tryWords(this.language);
    this.#element.setAttribute('aria-label', t('try-name'));
    show(this.#stop, t('try-stop'));
    show(this.#back, t('try-back'));
    this.#element.hidden = false;
    this.#stop.hidden = !busy;
    this.#progress.hidden = !busy;
    button.setAttribute('aria-busy', String(busy));
    show(this.#state, words);
    show(beside(button), words);
  }

  /** @param {number | null} share 0 to 1; null where it is not known. */
  advance(share) {
    if (share === null) this.#progress.removeAttribute('value');
    else this.#progress.value = share;
  }

  /** Another button takes its place. */
  #leave() {
    if (!this.#button) return;
    this.#seen.unobserve(this.#button);
    this.#button.setAttribute('aria-busy', 'false');
    show(beside(this.#button), '');
  }

  #goBack() {
    this.#button?.scrollIntoView({ block: 'center' });
    this.#button?.focus({ preventScroll: true });
  }
}

/**
 * Where the words of a button stand in the text.
 * @param {HTMLButtonElement} button
 */
function beside(button) {
  const place = button.parentElement ?? button;
  const found = place.querySelector('.try-state');
  if (found instanceof HTMLElement) return found;
  const made = h('span', { class: 'try-state' });
  place.append(made);
  return made;
}
