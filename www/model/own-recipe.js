// What was done by hand, as a recipe that does it again. Pure.

import { KEPT } from './cut-age.js';
import { methodOf } from './method.js';
import { withOwnMethod } from './recipes.js';

/** @import {Recipe} from '../generated/protocol.d.ts' */
/** @import {State} from '../state/types.d.ts' */
/** @import {Cut} from './ranking.js' */

/**
 * The recipe that is set up; else training, one cut and fine-tuning as they were done, or the cut that the slider shows.
 * @param {State} state
 * @param {Cut | null} cut
 * @returns {Recipe | null} null where nothing was trained yet, or the cuts were more than a recipe of this shape has.
 */
export function recipeNow(state, cut) {
  const { draft, settings } = state;
  const method = methodOf(settings);
  if (draft.recipe) return withOwnMethod(draft.recipe, method);
  const plan = planOf(state, cut);
  if (!plan) return null;
  const { alpha, temperature } = settings;
  const distil = settings.distil && plan.fineTune > 0 ? { alpha, temperature } : undefined;
  return withOwnMethod({ name: 'One-shot', plan, distil }, method);
}

/**
 * @param {State} state
 * @param {Cut | null} cut
 */
function planOf({ scores, training: { step }, selection, settings }, cut) {
  if (!scores || !cut || step === 0 || cut.unitsTotal === 0 || selection.by === 'layers' || settings.scope === 'hand') return null;
  const steps = new Set(scores.tables?.cutSteps ?? scores.cutAt);
  steps.delete(KEPT);
  if (steps.size > 1) return null;
  const [at] = steps;
  if (at === undefined) return { kind: /** @type {const} */ ('one-shot'), train: step, sparsity: cut.sparsity, fineTune: 0 };
  return { kind: /** @type {const} */ ('one-shot'), train: at, sparsity: cut.alreadyCut / cut.total, fineTune: step - at };
}
