// When WebGPU takes a session over from the CPU. Pure.

import { quantile } from '../model/quantile.js';
import { isScoring } from '../state/derive.js';
import { TWO_CONV } from '../model/presets.js';

/** @import {Message, RunConfig} from '../generated/protocol.d.ts' */
/** @import {State} from '../state/types.d.ts' */
/** @import {BackendSpeeds, GpuFacts} from '../worker/types.d.ts' */

/** How much faster it has to be: what a move costs, and what depends on the device in the last digits, is not for nothing. */
export const MARGIN = 1.2;

/** @param {BackendSpeeds} speeds */
export function shouldTakeOver({ cpuMs, gpuMs }) {
  return gpuMs * MARGIN <= cpuMs;
}

/**
 * Whether WebGPU is worth trying. A software adapter is slower than the CPU bundle everywhere.
 * @param {GpuFacts} facts
 */
export function maySucceed({ api, adapter, software, timestampQuery }) {
  return api && adapter && timestampQuery && !software;
}

/**
 * Whether a checkpoint has all of a session: nothing is under way but training, and what was trained is a state on the page.
 * @param {State} state
 */
export function isMovable(state) {
  const { phase, config, pending, recipe, awaitingFiles, activity, currentPoint } = state;
  if (phase !== 'ready' || !config || pending || recipe || awaitingFiles || isScoring(state)) return false;
  return activity === 'training' || (activity === 'idle' && currentPoint !== null);
}

/**
 * What decides how long a training step takes.
 * @param {RunConfig} config
 */
export function nameOfWork({ dataset, network, widths, batch }) {
  return `${dataset} ${network === TWO_CONV ? widths.join('/') : network} ${batch}`;
}

/** How long a training step takes, from what a worker tells while it trains. */
export const speedOf = {
  /**
   * Milliseconds of a step, one figure a slice.
   * @param {readonly Message[]} messages
   * @param {RunConfig} config
   */
  samples(messages, { batch }) {
    return messages.flatMap(({ event }) => (event.type === 'trained' && event.imagesPerSecond > 0 ? [1000 * batch / event.imagesPerSecond] : []));
  },

  /**
   * @param {readonly number[]} samples
   * @param {number} fewest
   * @returns {number | null} null where there are too few to say.
   */
  median(samples, fewest) {
    return samples.length < Math.max(fewest, 1) ? null : quantile(samples, 0.5);
  },
};
