// The keys of the widget while it has the focus.

/** @import {Session} from '../session/session.js' */

/**
 * @param {Session} session
 * @param {KeyboardEvent} event
 */
export function onKey(session, event) {
  const target = event.composedPath()[0];
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!(target instanceof HTMLElement) || writes(target)) return;
  const step = event.shiftKey ? 0.05 : 0.01;
  /** @type {Record<string, () => void>} */
  const keys = {
    '.': () => session.step(),
    r: () => session.reset(),
    R: () => session.reset(),
    ArrowLeft: () => session.nudge(-step),
    ArrowDown: () => session.nudge(-step),
    ArrowRight: () => session.nudge(step),
    ArrowUp: () => session.nudge(step),
  };
  // Space presses the button and ticks the box that has the focus, as everywhere.
  const pressed = target.matches('button, summary, input[type="checkbox"], input[type="radio"]');
  if (!pressed) keys[' '] = () => session.toggle();
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  // Held down, a key steps and slides on, but runs and resets once.
  const once = event.key === ' ' || event.key.toLowerCase() === 'r';
  if (!event.repeat || !once) act();
}

/**
 * Whether keys mean text or a choice to this element.
 * @param {HTMLElement} element
 */
function writes(element) {
  if (element instanceof HTMLInputElement) return !['range', 'checkbox', 'radio', 'button', 'file'].includes(element.type);
  return element.isContentEditable || element.matches('select, textarea');
}
