// What each "try it" of the article puts the widget into: settings, then steps.

/** @import {RecipeId} from '../model/types.d.ts' */
/** @import {PlaygroundSettings} from '../pruning-playground.d.ts' */

/**
 * One step of a scenario.
 * `train`: go to a network without masks that has been trained for so many steps at least.
 * `sparsity`: the slider's place. `prune`, `fineTune`: as the buttons do. `follow`: a recipe, from its beginning.
 * @typedef {{train: number} | {sparsity: number} | {prune: true} | {fineTune: true} | {follow: RecipeId}} Step
 */

/**
 * @typedef {object} Scenario
 * @property {Partial<PlaygroundSettings>} settings None that would make earlier states useless, as the data set or the widths do.
 * @property {readonly Step[]} then
 */

/** A scenario must look the same whatever was chosen before. @type {Partial<PlaygroundSettings>} */
const PLAIN = {
  criterion: 'magnitude', scope: 'global', granularity: 'weight', 'score-batch': 256,
  'spare-classifier': false, 'never-empty': false, normalise: false, distil: false,
  workers: 1, exchange: 'synchronous', 'gradient-share': 1, straggler: 1, link: 0,
};

/** Workers are the processor's. @type {Partial<PlaygroundSettings>} */
const SPREAD = { ...PLAIN, backend: 'cpu', 'fine-tune-steps': 400 };
/** @type {readonly Step[]} */
const RETRAIN = [{ train: 800 }, { sparsity: 0.5 }, { prune: true }, { fineTune: true }];

/** As in the figures that the article quotes. */
const trained = { train: 800 };

/** @type {Readonly<Record<string, Scenario>>} */
export const SCENARIOS = Object.freeze({
  why: { settings: PLAIN, then: [trained, { sparsity: 0.3 }] },
  'score-gradient': { settings: { ...PLAIN, criterion: 'gradient' }, then: [trained, { sparsity: 0.5 }] },
  'score-magnitude': { settings: PLAIN, then: [trained, { sparsity: 0.5 }] },
  cut: { settings: PLAIN, then: [trained, { sparsity: 0.5 }, { prune: true }] },
  retrain: { settings: { ...PLAIN, 'fine-tune-steps': 200 }, then: [trained, { sparsity: 0.8 }, { prune: true }, { fineTune: true }] },
  iterate: { settings: PLAIN, then: [{ follow: 'gradual' }] },
  ticket: { settings: PLAIN, then: [{ follow: 'lottery-ticket' }] },
  speed: { settings: { ...PLAIN, criterion: 'filter-l1', granularity: 'filter', scope: 'layer' }, then: [trained, { sparsity: 0.5 }] },
  distil: { settings: PLAIN, then: [{ follow: 'distil' }] },
  'parallel-workers': { settings: { ...SPREAD, workers: 2 }, then: RETRAIN },
  'parallel-late': { settings: { ...SPREAD, workers: 4, exchange: 'asynchronous', staleness: -1, straggler: 8 }, then: RETRAIN },
  'parallel-one': { settings: { ...PLAIN, criterion: 'taylor', 'score-batch': 1 }, then: [trained, { sparsity: 0.3 }] },
  'parallel-many': { settings: { ...PLAIN, criterion: 'taylor' }, then: [trained, { sparsity: 0.3 }] },
  trust: { settings: { ...PLAIN, criterion: 'random' }, then: [trained, { sparsity: 0.3 }] },
});
