// The whole page: its parts, drawn from one state at most once a frame.

import { createFormat } from '../model/format.js';
import { outcome } from '../state/derive.js';
import { createBar } from './bar/bar.js';
import { CHUNKS } from './chunks.js';
import { createComparison } from './compare/comparison.js';
import { createCurve } from './outcome/curve.js';
import { loadWhenIdle } from './kit/chunk.js';
import { attribute, h } from './kit/dom.js';
import { createExamples } from './data/examples.js';
import { createFirstContact } from './bar/first-contact.js';
import { keepFocus } from './kit/focus.js';
import { createHistory } from './outcome/history.js';
import { createNetwork } from './network/network.js';
import { createNotices } from './bar/notices.js';
import { createPruning } from './pruning/pruning.js';
import { createSpoken } from './bar/spoken.js';
import { createStates } from './outcome/states.js';
import { isDark, readTheme } from './bar/theme.js';

/** @import {Language} from '../model/types.d.ts' */
/** @import {Session} from '../session/session.js' */
/** @import {State} from '../state/types.d.ts' */
/** @import {Frame, Part, View} from './kit/view.d.ts' */

/**
 * @param {Session} session
 * @param {Language} language
 * @param {View['t']} t Words of that language.
 */
export function createApp(session, language, t) {
  const end = new AbortController();
  /** @type {View} */
  const view = { session, t, language, format: createFormat(language), invalidate: () => session.store.invalidate(), signal: end.signal };
  const bar = createBar(view);
  const examples = createExamples(view);
  const network = createNetwork(view);
  const curve = createCurve(view);
  const states = createStates(view);
  const history = createHistory(view);
  const pruning = createPruning(view);
  const notices = createNotices(view);
  const spoken = createSpoken(view);
  const comparison = createComparison(view);
  const contact = createFirstContact(view);
  const outcomes = h('section', { class: 'outcome', 'aria-label': t('curve-heading') },
    curve.element, states.element, history.element);
  const element = h('div', { class: 'app', lang: language, tabindex: -1 },
    bar.element, examples.element, network.element, outcomes, pruning.element, notices.element, spoken.element, comparison.element, contact.element);
  /** @type {Part[]} */
  const parts = [bar, examples, network, curve, states, history, pruning, notices, spoken, comparison, contact];
  let theme = readTheme(element);
  let themed = '';
  // Until then the connection and the processor are the trainer's.
  let ready = false;
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', view.invalidate, end);
  return {
    element,
    /** @param {State} state */
    render(state) {
      const wanted = isDark(state.settings.theme, system.matches) ? 'dark' : 'light';
      attribute(element, 'data-theme', wanted);
      // Colours can be read only once the element is in the page with its stylesheet.
      if (themed !== wanted) {
        theme = readTheme(element);
        themed = theme.ink === '' ? '' : wanted;
      }
      const cut = session.cutOf(state);
      /** @type {Frame} */
      const frame = { state, cut, outcome: outcome(state, cut), theme };
      keepFocus(element, () => parts.forEach((part) => part.update(frame)));
      if (state.phase === 'ready' && !ready) loadWhenIdle(CHUNKS);
      ready ||= state.phase === 'ready';
    },
    destroy() {
      end.abort();
      for (const part of parts) part.destroy?.();
    },
  };
}
