// A layer's picture for the keyboard: the arrows go from filter to filter, each read out as a slider's value.

import { attribute } from '../kit/dom.js';

/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} filters
 * @param {() => void} changed
 */
export function createFilterKeys(canvas, filters, changed) {
  let filter = 0;
  let focused = false;
  for (const [name, value] of Object.entries({ role: 'slider', tabindex: '0', 'aria-valuemin': '1', 'aria-valuemax': String(filters), 'aria-valuenow': '1' })) {
    canvas.setAttribute(name, value);
  }
  const choose = (/** @type {number} */ next) => {
    filter = Math.max(0, Math.min(filters - 1, next));
    attribute(canvas, 'aria-valuenow', String(filter + 1));
    changed();
  };
  canvas.addEventListener('focus', () => { focused = true; changed(); });
  canvas.addEventListener('blur', () => { focused = false; changed(); });
  canvas.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    // Elsewhere these keys move the slider.
    event.stopPropagation();
    choose(filter + step);
  });
  return {
    choose,
    /** The filter that the keyboard is at; null while it is elsewhere. */
    at: () => (focused ? filter : null),
    filter: () => filter,
    /** @param {string} words */
    say: (words) => attribute(canvas, 'aria-valuetext', words),
  };
}
