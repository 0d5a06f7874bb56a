// What stands in place of the widget while there are no words for it, and asks for them again.

import { h } from '../kit/dom.js';

/**
 * @param {{sentence: string, retry: string}} words
 * @param {string} language
 * @param {() => void} retry Called once, at a press or when the browser is online again.
 * @param {AbortSignal} signal Ends the wait.
 */
export function createLost(words, language, retry, signal) {
  let over = false;
  const again = () => {
    if (over || signal.aborted) return;
    over = true;
    element.remove();
    retry();
  };
  const element = h('div', { class: 'lost', lang: language, role: 'alert' },
    h('p', { text: words.sentence }), h('button', { type: 'button', 'data-testid': 'words-retry', text: words.retry, onclick: again }));
  // The stylesheet may be out of reach as well.
  Object.assign(element.style, { padding: '24px', fontFamily: 'system-ui, sans-serif' });
  window.addEventListener('online', again, { signal });
  return element;
}
