// The article's part of the page: its buttons drive the widget, its links leave the settings in the address alone.

import { play } from './article/playing.js';
import { SCENARIOS } from './article/scenarios.js';
import { followTitle } from './article/title.js';
import { TryLine } from './article/try-line.js';
import { tryWords } from './article/try-words.js';
import { createFormat } from './model/format.js';

/** @import {Snapshot} from './pruning-playground.d.ts' */
/** @import {PruningPlayground} from './pruning-playground.js' */

/** What a person does in the widget by these is meant, and ends a scenario; what is only looked at or scrolled does not. */
const CONTROLS = 'button, select, input, canvas, [role="slider"]';

/** Keys that only move the focus. */
const MOVING = new Set(['Tab', 'Shift', 'Control', 'Alt', 'Meta', 'Escape']);

class Tries {
  /** @type {AbortController | null} The scenario under way. */
  #current = null;
  #widget;
  #line;

  /**
   * @param {PruningPlayground} widget
   * @param {Element} place
   */
  constructor(widget, place) {
    this.#widget = widget;
    this.#line = new TryLine(place, () => this.#stop());
    for (const type of ['click', 'input', 'change', 'keydown', 'drop']) {
      widget.addEventListener(type, (event) => { if (isMeant(event)) this.#leaveAlone(); });
    }
  }

  /** @param {HTMLButtonElement} button */
  async start(button) {
    const again = button.getAttribute('aria-busy') === 'true';
    if (again) {
      this.#stop();
      return;
    }
    const scenario = SCENARIOS[button.dataset.try ?? ''];
    const line = this.#line;
    const control = new AbortController();
    const { signal } = control;
    this.#current?.abort('try-replaced');
    this.#current = control;
    line.advance(null);
    line.show(button, tryWords(line.language)('try-waiting'), true);
    // At once: most is over before a smooth way up through the text would be.
    this.#widget.scrollIntoView();
    const goal = scenario.then.find((step) => 'train' in step)?.train ?? 0;
    let doing = '';
    this.#widget.addEventListener('metrics', () => line.advance(share(this.#widget.snapshot(), doing, goal)), { signal });
    try {
      const end = await play(this.#widget, scenario, signal, (what) => {
        doing = what;
        line.advance(null);
        line.show(button, tryWords(line.language)(wordsFor(what)), true);
      });
      line.show(button, outcome(end, line.language), false);
    } catch (error) {
      if (signal.reason === 'try-replaced') return;
      line.show(button, tryWords(line.language)(signal.aborted ? signal.reason : 'try-failed', { message: String(error) }), false);
      if (signal.reason === 'try-taken-over') line.hide();
    } finally {
      if (this.#current === control) this.#current = null;
      control.abort('try-over');
    }
  }

  /** From here on it is the person's turn. */
  #leaveAlone() {
    this.#line.hide();
    this.#current?.abort('try-taken-over');
  }

  #stop() {
    if (!this.#current) return;
    this.#current.abort('try-stopped');
    const widget = this.#widget;
    if (widget.snapshot().recipe) widget.stopRecipe();
    else widget.pause();
  }
}

/** @param {Event} event */
function isMeant(event) {
  if (!event.isTrusted) return false;
  if (event instanceof KeyboardEvent && MOVING.has(event.key)) return false;
  return event.type !== 'click' || event.composedPath().some((place) => place instanceof Element && place.matches(CONTROLS));
}

/** @param {string} what */
function wordsFor(what) {
  return what === 'reset' || what === 'pause' || what === 'stopRecipe' ? 'try-configure' : `try-${what}`;
}

/**
 * How far it is.
 * @param {Snapshot} now
 * @param {string} doing
 * @param {number} goal Steps to train.
 */
function share({ step, recipe }, doing, goal) {
  if (doing === 'until') return Math.min(1, step / goal);
  return doing === 'follow' && recipe ? recipe.done / recipe.total : null;
}

/**
 * @param {Snapshot} end
 * @param {import('./model/types.d.ts').Language} language
 */
function outcome({ sparsity, accuracy, macs, settings }, language) {
  const { percent, integer } = createFormat(language);
  const filters = settings.granularity === 'filter';
  return tryWords(language)(filters ? 'try-done-macs' : 'try-done', {
    sparsity: percent(sparsity?.actual ?? 0), macs: percent(1 - macs.kept / macs.total),
    accuracy: percent(accuracy?.value ?? 0), samples: integer(accuracy?.samples ?? 0),
  });
}

/**
 * Goes to a place in the text. The address keeps the settings, so that a reload does not lose them.
 * @param {MouseEvent} event
 */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
  const target = link && document.getElementById(link.getAttribute('href')?.slice(1) ?? '');
  if (!target || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, '', location.href);
  target.scrollIntoView();
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

followTitle('page-title');
const widget = /** @type {PruningPlayground} */ (document.querySelector('pruning-playground'));
const below = document.querySelector('.below');
await customElements.whenDefined('pruning-playground');
if (below) {
  const tries = new Tries(widget, below);
  document.querySelectorAll('button.try').forEach((button) => {
    if (!(button instanceof HTMLButtonElement)) return;
    button.disabled = false;
    button.addEventListener('click', () => tries.start(button));
  });
}
document.addEventListener('click', follow);
