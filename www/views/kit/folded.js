// The inside of what is folded away at first. It is built when it is first opened, of code that may have to come first; where that
// can't be had, a sentence says so, with a button that asks for it again.

import { isReplaced } from '../../data/version.js';
import { carryOut } from '../../session/remedies.js';
import { h } from './dom.js';
import { createPopover, isOpen } from './popover.js';

/** @import {Chunk} from './chunk.js' */
/** @import {Frame, Inside, View} from './view.d.ts' */

/**
 * @template T
 * @param {View} view
 * @param {HTMLElement} box Which it fills.
 * @param {Chunk<T>} chunk
 * @param {(module: T) => Inside} build
 * @param {() => Promise<boolean>} isOutdated Whether the files of this version may be gone.
 */
export function createFolded(view, box, chunk, build, isOutdated = isReplaced) {
  const { t, session } = view;
  /** @type {Inside | null} */
  let inside = null;
  /** @type {Frame | null} */
  let last = null;
  /** @type {AbortController | null} While it is asked for, or can't be had. */
  let waiting = null;

  view.signal.addEventListener('abort', () => {
    waiting?.abort();
    inside?.destroy?.();
  });

  /**
   * @param {T} module
   * @param {boolean} pressed Whether the button that had the focus is gone.
   */
  function fill(module, pressed) {
    waiting?.abort();
    inside = build(module);
    box.replaceChildren(...inside.elements);
    inside.open?.();
    if (last) inside.update?.(last);
    if (pressed) /** @type {HTMLElement | undefined} */ (box.querySelectorAll('button, input, select, textarea')[0])?.focus();
    view.invalidate();
  }

  async function ask(pressed = false) {
    const wait = new AbortController();
    waiting = wait;
    box.replaceChildren(h('p', { class: 'note', role: 'status', 'data-testid': 'fold-loading', text: t('fold-loading') }));
    try {
      const module = await chunk.load();
      if (!wait.signal.aborted) fill(module, pressed);
    } catch (error) {
      console.error(error);
      if (!wait.signal.aborted) await fail(wait);
    }
  }

  /** @param {AbortController} wait */
  async function fail(wait) {
    const again = (/** @type {Event} */ { type }) => {
      wait.abort();
      ask(type === 'click');
    };
    const sentence = h('p', { text: t('fold-failed') });
    const retry = h('button', { type: 'button', class: 'primary', 'data-testid': 'fold-retry', text: t('remedy-retry'), onclick: again });
    const buttons = h('div', { class: 'buttons' }, retry);
    box.replaceChildren(h('div', { role: 'alert', 'data-testid': 'fold-failed' }, sentence, buttons));
    window.addEventListener('online', again, { signal: wait.signal });
    if (!await isOutdated() || wait.signal.aborted) return;
    sentence.textContent = t('trouble-outdated-sentence');
    const reload = h('button', {
      type: 'button', class: 'primary', 'data-testid': 'fold-reload', text: t('remedy-reload'), onclick: () => carryOut(session, { id: 'reload' }),
    });
    retry.className = '';
    buttons.replaceChildren(reload, retry);
  }

  return {
    /** It is about to be seen. */
    open() {
      if (inside) {
        inside.open?.();
        if (last) inside.update?.(last);
      } else if (chunk.module) {
        fill(chunk.module, false);
      } else {
        waiting?.abort();
        ask();
      }
    },
    /**
     * @param {Frame} frame
     * @param {boolean} seen
     */
    update(frame, seen) {
      last = frame;
      if (seen) inside?.update?.(frame);
    },
  };
}

/**
 * A button with a panel of which nothing is there until it is opened.
 * @template T
 * @param {View} view
 * @param {HTMLButtonElement} button
 * @param {string} label
 * @param {Chunk<T>} chunk
 * @param {(module: T, panel: HTMLElement) => Inside} build
 */
export function createFoldedPopover(view, button, label, chunk, build) {
  const panel = createPopover(button, label);
  const folded = createFolded(view, panel, chunk, (module) => build(module, panel));
  // Before it is seen, so that it is not seen as it was.
  panel.addEventListener('beforetoggle', ({ newState }) => { if (newState === 'open') folded.open(); });
  // At rest nothing else would show what has come since.
  panel.addEventListener('toggle', view.invalidate);
  return {
    panel,
    /** @param {Frame} frame */
    update: (frame) => folded.update(frame, isOpen(panel)),
  };
}
