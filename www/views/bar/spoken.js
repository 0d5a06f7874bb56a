// What is read out to those who listen: what a person did at once, training at its beginning, at its end, and now and then.

import { uncertainty } from '../../state/derive.js';
import { output, show } from '../kit/dom.js';

/** @import {State} from '../../state/types.d.ts' */
/** @import {Frame, Part, View} from '../kit/view.d.ts' */

/** Milliseconds between two read-outs: a listener can't follow every frame. */
const EVERY = 1000;
/** The same while training goes on by itself: it is not to talk over everything else. */
const EVERY_IN_TRAINING = 10_000;

/** What was spoken of last. @typedef {Pick<State, 'activity' | 'selection' | 'currentPoint'>} Spoken */

/**
 * @param {View} view
 * @param {() => number} [clock] In milliseconds.
 * @returns {Part}
 */
export function createSpoken({ t, format, invalidate }, clock = () => performance.now()) {
  const element = output('spoken', { class: 'visually-hidden', 'aria-live': 'polite' });
  let last = -EVERY_IN_TRAINING;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Spoken | null} */
  let of = null;
  /** @type {State['selection'] | null} What an estimate was spoken of: the next to be heard of it is the measurement. */
  let estimated = null;
  return {
    element,
    destroy: () => clearTimeout(timer),
    update({ state, cut, outcome: now }) {
      if (!cut || !now || now.pending) return;
      const open = uncertainty(state, now);
      const { activity, selection, currentPoint } = state;
      const isNew = of === null || of.activity !== activity || of.selection !== selection || of.currentPoint !== currentPoint;
      if (!isNew && open && now.refined && estimated === selection) return;
      const time = clock();
      const wait = last + (isNew || activity === 'idle' ? EVERY : EVERY_IN_TRAINING) - time;
      clearTimeout(timer);
      if (wait > 0) {
        // What changed last has to be said too.
        timer = setTimeout(invalidate, wait);
        return;
      }
      const said = t(open ? 'spoken-estimate' : 'spoken', {
        low: format.percent(open?.low ?? 0),
        high: format.percent(open?.high ?? 0),
        epoch: format.integer(Math.floor(state.training.epoch)),
        sparsity: format.percent(cut.sparsity),
        accuracy: format.percent(now.test.accuracy),
      });
      const turned = of !== null && (of.activity === 'idle') !== (activity === 'idle');
      show(element, turned ? t(activity === 'idle' ? 'spoken-end' : 'spoken-start', { said }) : said);
      last = time;
      estimated = open ? selection : null;
      of = { activity, selection, currentPoint };
    },
  };
}
