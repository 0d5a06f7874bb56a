// Which buttons do something now. Pure: the views ask it, and what it allows the session carries out.

import { isScoring } from './derive.js';
import { isEarlierNetwork, teacherOf } from './teacher.js';

/** @import {Cut} from '../model/ranking.js' */
/** @import {State} from './types.d.ts' */

/**
 * @typedef {object} Enabled
 * @property {boolean} run Run or Pause, and Step.
 * @property {boolean} reset
 * @property {boolean} prune
 * @property {boolean} fineTune
 * @property {boolean} follow A recipe.
 * @property {boolean} goBack To one of the states.
 * @property {boolean} setLayer By hand, from the scan of the layers.
 * @property {boolean} save The network, as a file.
 * @property {boolean} open A network from a file.
 * @property {boolean} meter
 */

/**
 * @param {State} state
 * @param {Cut | null} cut What the slider removes.
 * @returns {Enabled}
 */
export function enabled(state, cut) {
  const ready = state.phase === 'ready';
  const whole = ready && state.config !== null;
  const ranked = whole && cut !== null && !isScoring(state);
  const taught = state.settings.distil && isEarlierNetwork(teacherOf(state), state);
  return {
    run: whole,
    reset: whole || state.phase === 'dead',
    prune: ranked && cut.pruned > cut.alreadyCut,
    fineTune: ranked && (state.held > 0 || taught) && state.activity !== 'fine-tuning',
    follow: whole && state.pending === null,
    goBack: whole,
    setLayer: whole,
    save: whole,
    open: ready,
    meter: ranked,
  };
}
