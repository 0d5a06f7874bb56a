// Carries out a scenario on a widget, through its public methods alone.

import { callsFor, opening } from './scenario.js';

/** @import {Snapshot} from '../pruning-playground.d.ts' */
/** @import {PruningPlayground} from '../pruning-playground.js' */
/** @import {Call} from './scenario.js' */
/** @import {Scenario} from './scenarios.js' */

/**
 * @param {PruningPlayground} widget
 * @param {Scenario} scenario
 * @param {AbortSignal} signal Nothing more is asked of the widget once it is aborted.
 * @param {(what: Call['what']) => void} tell What begins.
 * @returns {Promise<Snapshot>} How the widget stands in the end; rejects with the reason of the signal.
 */
export async function play(widget, scenario, signal, tell) {
  const carryOut = async (/** @type {Call[]} */ calls) => {
    for (const call of calls) {
      signal.throwIfAborted();
      tell(call.what);
      await unless(signal, carriedOut(widget, call, signal));
    }
  };
  await carryOut(opening(scenario, widget.snapshot()));
  await unless(signal, widget.ready);
  for (const step of scenario.then) await carryOut(callsFor(step, widget.snapshot()));
  return widget.snapshot();
}

/**
 * @param {PruningPlayground} widget
 * @param {Call} call
 * @param {AbortSignal} signal
 * @returns {Promise<unknown>}
 */
async function carriedOut(widget, call, signal) {
  switch (call.what) {
    case 'configure': return widget.configure(call.settings);
    case 'restore': return widget.restore(call.id);
    case 'setSparsity': return widget.setSparsity(call.fraction);
    case 'follow': return widget.follow(call.recipe);
    case 'until': return trained(widget, call.step, signal);
    default: return widget[call.what]();
  }
}

/**
 * Trains until a step, and rests there.
 * @param {PruningPlayground} widget
 * @param {number} step
 * @param {AbortSignal} signal
 */
async function trained(widget, step, signal) {
  /** @type {Promise<void>} */
  const reached = new Promise((resolve, reject) => {
    widget.addEventListener('metrics', () => { if (widget.snapshot().step >= step) resolve(); }, { signal });
    widget.addEventListener('error', (event) => {
      if (event instanceof CustomEvent) reject(new Error(event.detail.message));
    }, { signal });
  });
  await Promise.all([widget.run(), reached]);
  signal.throwIfAborted();
  return widget.pause();
}

/**
 * @template T
 * @param {AbortSignal} signal
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function unless(signal, promise) {
  const aborted = new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([promise, aborted]);
}
