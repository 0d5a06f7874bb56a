// What has to be asked of the widget to bring it into the state of a scenario, from whatever state it is in. Pure.

import { needsFiles } from '../model/settings.js';

/** @import {RecipeId} from '../model/types.d.ts' */
/** @import {PlaygroundSettings, Snapshot} from '../pruning-playground.d.ts' */
/** @import {Scenario, Step} from './scenarios.js' */

/**
 * A call of one of the element's methods. `until` is no method: it trains to a step and rests there.
 * @typedef {{what: 'reset' | 'pause' | 'stopRecipe' | 'prune' | 'fineTune'}
 *   | {what: 'configure', settings: Partial<PlaygroundSettings>} | {what: 'restore', id: number} | {what: 'until', step: number}
 *   | {what: 'setSparsity', fraction: number} | {what: 'follow', recipe: RecipeId}} Call
 */

/**
 * Before the steps: whatever is under way is ended, and the settings are those of the scenario.
 * @param {Scenario} scenario
 * @param {Snapshot} now
 * @returns {Call[]}
 */
export function opening({ settings }, now) {
  const configure = /** @type {Call} */ ({ what: 'configure', settings: { ...withData(now), ...settings } });
  if (now.phase === 'dead') return [{ what: 'reset' }, configure];
  if (now.recipe) return [{ what: 'stopRecipe' }, configure];
  return now.activity === 'idle' ? [configure] : [{ what: 'pause' }, configure];
}

/**
 * A data set whose files are still awaited has no network: the scenario is shown on the one in hand, else on the digits.
 * @param {Snapshot} now
 * @returns {Partial<PlaygroundSettings>}
 */
function withData({ settings, dataset }) {
  if (dataset) return dataset.id === settings.dataset ? {} : { dataset: dataset.id };
  return needsFiles(settings.dataset) ? { dataset: 'digits' } : {};
}

/**
 * @param {Step} step
 * @param {Snapshot} now
 * @returns {Call[]}
 */
export function callsFor(step, now) {
  if ('train' in step) return toTrained(step.train, now);
  if ('sparsity' in step) return [{ what: 'setSparsity', fraction: step.sparsity }];
  if ('follow' in step) return [{ what: 'follow', recipe: step.follow }];
  return [{ what: 'prune' in step ? 'prune' : 'fineTune' }];
}

/**
 * A network that has been trained already is not trained again, and earlier states are kept.
 * @param {number} step
 * @param {Snapshot} now
 * @returns {Call[]}
 */
function toTrained(step, now) {
  const dense = (now.sparsity?.held ?? 0) === 0;
  if (dense && now.step >= step) return [];
  const earlier = now.points.findLast((point) => point.kind === 'dense' && point.step >= step);
  if (earlier) return [{ what: 'restore', id: earlier.id }];
  return dense ? [{ what: 'until', step }] : [{ what: 'reset' }, { what: 'until', step }];
}
