// The whole page: its parts, drawn from one state at most once a frame.

import { createFormat } from '../model/format.js';
import { outcome, uncertainty } from '../state/derive.js';
import { createBar } from './bar.js';
import { createComparison } from './comparison.js';
import { createCurve } from './curve.js';
import { attribute, h, output, show } from './dom.js';
import { createExamples } from './examples.js';
import { createFirstContact } from './first-contact.js';
import { keepFocus } from './focus.js';
import { createHistory } from './history.js';
import { createNetwork } from './network.js';
import { createNotices } from './notices.js';
import { createPruning } from './pruning.js';
import { createStates } from './states.js';
import { isDark, readTheme } from './theme.js';

/** @import {Language} from '../model/types.d.ts' */
/** @import {Session} from '../session/session.js' */
/** @import {State} from '../state/types.d.ts' */
/** @import {Frame, Part, View} from './view.d.ts' */

/** Milliseconds between spoken read-outs: a listener can't follow every frame. */
const SPOKEN_EVERY = 1000;

/**
 * @param {Session} session
 * @param {Language} language
 * @param {View['t']} t Words of that language.
 */
export function createApp(session, language, t) {
  /** @type {View} */
  const view = { session, t, format: createFormat(language), invalidate: () => session.store.invalidate() };
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
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', view.invalidate);
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
    },
    destroy() {
      system.removeEventListener('change', view.invalidate);
      for (const part of parts) part.destroy?.();
    },
  };
}

/**
 * What changed, said politely and at most once a second.
 * @param {View} view
 * @returns {Part}
 */
function createSpoken({ t, format, invalidate }) {
  const element = output('spoken', { class: 'visually-hidden', 'aria-live': 'polite' });
  let last = -SPOKEN_EVERY;
  let timer = 0;
  /** @type {State['selection'] | null} What an estimate was spoken of: the next to be heard of it is the measurement. */
  let estimated = null;
  return {
    element,
    destroy: () => clearTimeout(timer),
    update({ state, cut, outcome: now }) {
      if (!cut || !now || now.pending) return;
      const open = uncertainty(state, now);
      if (open && now.refined && estimated === state.selection) return;
      const time = performance.now();
      const wait = last + SPOKEN_EVERY - time;
      clearTimeout(timer);
      if (wait > 0) {
        // What changed last has to be said too.
        timer = window.setTimeout(invalidate, wait);
        return;
      }
      last = time;
      estimated = open ? state.selection : null;
      show(element, t(open ? 'spoken-estimate' : 'spoken', {
        low: format.percent(open?.low ?? 0),
        high: format.percent(open?.high ?? 0),
        epoch: format.integer(Math.floor(state.training.epoch)),
        sparsity: format.percent(cut.sparsity),
        accuracy: format.percent(now.test.accuracy),
      }));
    },
  };
}
