// How a widget and a person meet: it starts when it is seen, shows what it does, and finds their last state again.

import { restsUnseen, watchAttention } from './attention.js';
import { Autoplay } from './autoplay.js';
import { Keeper } from './keeper.js';
import { Records, placeOf } from './records.js';
import { openShelf } from './shelf.js';

/** @import {Session} from '../session/session.js' */

/** Keys that look around and change nothing. */
const LOOKING = new Set(['Tab', 'Shift', 'Control', 'Alt', 'Meta', 'Escape', 'PageUp', 'PageDown', 'Home', 'End']);

/**
 * Lets a session begin when its element is first seen, and rest while it is not.
 * @param {HTMLElement} element With `hash` or `remember` its state is kept for the next visit.
 * @param {Session} session
 * @param {AbortSignal} signal Ends it.
 */
export function meet(element, session, signal) {
  const autoplay = new Autoplay(session);
  const keeper = createKeeper(element, session, autoplay);
  session.autoplay = autoplay;
  session.keeper = keeper;
  const linked = element.hasAttribute('hash') && location.hash.length > 1;
  let seen = false;
  /** @type {boolean | null} Null until that is known. */
  let returning = keeper ? null : false;
  const update = () => {
    session.hold(!seen && restsUnseen(session.state));
    if (seen && returning !== null && session.state.config) {
      autoplay.begin({ settings: session.state.settings, linked, returning, ...wishes() });
    }
    autoplay.update();
    keeper?.update();
  };
  let due = false;
  /** Once for all the messages that come together: between them a state may make no sense. */
  const updateSoon = () => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      if (!signal.aborted) update();
    });
  };
  session.store.watch(updateSoon);
  watchAttention(element, (now) => {
    seen = now;
    if (seen) session.start();
    else keeper?.flush();
    updateSoon();
  }, signal);
  keeper?.look().then((found) => {
    returning = found;
    updateSoon();
  });
  listenForActions(element, autoplay, signal);
  updateSoon();
}

/**
 * @param {HTMLElement} element
 * @param {Session} session
 * @param {Autoplay} autoplay
 */
function createKeeper(element, session, autoplay) {
  const name = element.getAttribute('remember');
  if (name === null && !element.hasAttribute('hash')) return null;
  const { place, before } = placeOf(element);
  return new Keeper(session, new Records(openShelf(), place, before, tab()), (point) => !autoplay.owns(point));
}

/** What this tab remembers from one load to the next; in a sandbox even asking for it is refused. */
function tab() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

/** What a person has told their system. */
function wishes() {
  const connection = /** @type {{saveData?: boolean} | undefined} */ (/** @type {any} */ (navigator).connection);
  return {
    reducedMotion: window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    saveData: connection?.saveData === true,
  };
}

/**
 * @param {HTMLElement} element
 * @param {Autoplay} autoplay
 * @param {AbortSignal} signal
 */
function listenForActions(element, autoplay, signal) {
  /** @param {Event} event */
  const onAction = (event) => {
    const target = event.composedPath()[0];
    if (!(target instanceof Element) || (event instanceof KeyboardEvent && LOOKING.has(event.key))) return;
    // A press that scrolls is none; where pressing drags, it is one.
    if (event instanceof PointerEvent && event.type === 'pointerdown' && (event.button !== 0 || !target.matches('canvas.draggable'))) return;
    if (event.type === 'click' && !target.closest('button, select, input, label, canvas')) return;
    // Run and Pause do what they say to the training that is under way.
    if (target.closest('[data-testid="run"]')) {
      if (event.type === 'click') autoplay.giveWay();
    } else {
      autoplay.makeRoom();
    }
  };
  for (const type of ['click', 'input', 'change', 'keydown', 'pointerdown', 'drop']) {
    element.addEventListener(type, onAction, { signal, capture: true });
  }
}
