// A race of pruning methods: what is measured in which order, what came of it, and its summary over seeds. All pure.

import { methodOf, scoresFilters, usualScope } from './method.js';
import { NO_RACE } from './no-race.js';

/** @import {Criterion, Granularity, Method, Metrics, RunConfig} from '../generated/protocol.d.ts' */
/** @import {Settings} from './types.d.ts' */

/** The shares of the units that each method is asked to cut, denser where networks break. */
export const RACE_GRID = Object.freeze([0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1]);

export const MOST_SEEDS = 5;

/**
 * What a person asked for.
 * @typedef {object} RaceOptions
 * @property {RunConfig} config The page's run; its seed is the first one, its method is that of all, but for the criterion.
 * @property {Criterion[]} criteria
 * @property {number} seeds 1 to `MOST_SEEDS`.
 * @property {number} steps Training steps of the dense network.
 * @property {number} tuneSteps Fine-tuning steps after each cut; 0: none.
 */

/**
 * @typedef {{do: 'train', seed: number}
 *   | {do: 'rank', seed: number, method: Method}
 *   | {do: 'preview' | 'tune', seed: number, method: Method, requested: number}} Task
 */

/**
 * One measurement.
 * @typedef {object} Row
 * @property {Method} method
 * @property {number} seed
 * @property {number} requested Share of the units, 0 to 1.
 * @property {number} sparsity Counted from the masks.
 * @property {Metrics} test
 * @property {number} tuned Fine-tuning steps after the cut; 0: right after it.
 */

/** @typedef {'idle' | 'running' | 'done' | 'cancelled' | 'failed'} Stage */

/** @typedef {Record<Task['do'], {ms: number, count: number}>} Timing */

/**
 * @typedef {object} Race
 * @property {Stage} stage
 * @property {RaceOptions | null} options
 * @property {Task[]} tasks
 * @property {number} done How many of them are done or were skipped.
 * @property {number | null} remaining Training steps left of the task in hand.
 * @property {Row[]} rows
 * @property {{seed: number, test: Metrics}[]} dense
 * @property {{criterion: Criterion, seed: number, message: string}[]} failures Methods that could not be measured.
 * @property {Timing} timing
 * @property {string} message Why it failed.
 */

/**
 * @typedef {{type: 'begin', options: RaceOptions}
 *   | {type: 'step', remaining: number}
 *   | {type: 'trained', seed: number, test: Metrics, ms: number}
 *   | {type: 'ranked', ms: number}
 *   | {type: 'measured', row: Row, ms: number}
 *   | {type: 'skipped', criterion: Criterion, seed: number, message: string, tasks: number}
 *   | {type: 'ended', stage: 'done' | 'cancelled' | 'failed', message?: string}} RaceEvent
 */

/**
 * A criterion as a method: one of filters cuts filters, which are ranked as is usual for them where all others cut something else.
 * @param {Criterion} criterion
 * @param {Method} base
 * @returns {Method}
 */
export function methodFor(criterion, base) {
  if (base.granularity === 'filter' || !scoresFilters(criterion)) return { ...base, criterion };
  return { ...base, criterion, granularity: 'filter', scope: usualScope('filter') };
}

/**
 * The method of all but the criterion: that of the page, but for what is cut.
 * @param {Settings} settings
 * @param {Granularity} granularity
 * @returns {Method}
 */
export function baseOf(settings, granularity) {
  const usual = usualScope(granularity);
  const scope = usual === usualScope(settings.granularity) ? settings.scope : usual;
  return methodOf({ ...settings, criterion: 'magnitude', granularity, scope });
}

/**
 * Everything to be done, seeds outermost, so that each seed that is done widens all bands.
 * @param {RaceOptions} options
 * @returns {Task[]}
 */
export function planRace({ config, criteria, seeds, tuneSteps }) {
  return Array.from({ length: seeds }, (_, i) => (config.seed + i) % 2 ** 32).flatMap((seed) => [
    /** @type {Task} */ ({ do: 'train', seed }),
    ...criteria.flatMap((criterion) => tasksOf(seed, methodFor(criterion, config.method), tuneSteps > 0)),
  ]);
}

/**
 * @param {number} seed
 * @param {Method} method
 * @param {boolean} tuned
 * @returns {Task[]}
 */
function tasksOf(seed, method, tuned) {
  const each = (/** @type {'preview' | 'tune'} */ what) => RACE_GRID.map((requested) => ({ do: what, seed, method, requested }));
  return [{ do: 'rank', seed, method }, ...each('preview'), ...(tuned ? each('tune') : [])];
}

/**
 * @param {Race} race
 * @param {RaceEvent} event
 * @returns {Race}
 */
export function reduceRace(race, event) {
  switch (event.type) {
    case 'begin': return { ...NO_RACE, stage: 'running', options: event.options, tasks: planRace(event.options) };
    case 'step': return { ...race, remaining: event.remaining };
    case 'trained': return { ...finished(race, event.ms), dense: [...race.dense, { seed: event.seed, test: event.test }] };
    case 'ranked': return finished(race, event.ms);
    case 'measured': return { ...finished(race, event.ms), rows: [...race.rows, event.row] };
    case 'skipped': {
      const { criterion, seed, message, tasks } = event;
      return { ...race, done: race.done + tasks, remaining: null, failures: [...race.failures, { criterion, seed, message }] };
    }
    case 'ended': return { ...race, stage: event.stage, remaining: null, message: event.message ?? '' };
    default: return race;
  }
}

/**
 * @param {Race} race
 * @param {number} ms
 * @returns {Race}
 */
function finished(race, ms) {
  const kind = race.tasks[race.done].do;
  const { ms: before, count } = race.timing[kind];
  return { ...race, done: race.done + 1, remaining: null, timing: { ...race.timing, [kind]: { ms: before + ms, count: count + 1 } } };
}

/**
 * Milliseconds that the rest will take, at the pace so far.
 * @param {Race} race
 * @returns {number | null} null while too little has been measured to tell.
 */
export function timeLeft({ tasks, done, timing, options }) {
  const mean = (/** @type {Task['do']} */ kind) => (timing[kind].count > 0 ? timing[kind].ms / timing[kind].count : null);
  const [train, preview] = [mean('train'), mean('preview')];
  if (train === null || preview === null || !options) return null;
  const aStep = options.steps > 0 ? train / options.steps : 0;
  const costs = { train, preview, rank: mean('rank') ?? preview, tune: mean('tune') ?? aStep * options.tuneSteps };
  return tasks.slice(done).reduce((sum, task) => sum + costs[task.do], 0);
}

/**
 * What the seeds say together of one method at one place of the grid.
 * @typedef {object} Summary
 * @property {Criterion} criterion
 * @property {number} requested
 * @property {number} sparsity Mean of the counted ones.
 * @property {number} mean Accuracy.
 * @property {number} min
 * @property {number} max
 * @property {number} seeds How many were measured.
 */

/**
 * @param {Row[]} rows
 * @param {boolean} tuned Whether to sum up what fine-tuning has won back, or what was left right after the cut.
 * @returns {Summary[]} By criterion, in the order in which they were raced, then by sparsity.
 */
export function summarise(rows, tuned) {
  /** @type {Map<Criterion, Map<number, Row[]>>} */
  const groups = new Map();
  for (const row of rows) {
    if (row.tuned > 0 !== tuned) continue;
    const places = groups.get(row.method.criterion) ?? new Map();
    groups.set(row.method.criterion, places.set(row.requested, [...places.get(row.requested) ?? [], row]));
  }
  return [...groups].flatMap(([criterion, places]) => [...places]
    .sort(([a], [b]) => a - b)
    .map(([requested, same]) => summary(criterion, requested, same)));
}

/**
 * @param {Criterion} criterion
 * @param {number} requested
 * @param {Row[]} rows
 * @returns {Summary}
 */
function summary(criterion, requested, rows) {
  const accuracies = rows.map(({ test }) => test.accuracy);
  return {
    criterion, requested, seeds: rows.length,
    sparsity: meanOf(rows.map(({ sparsity }) => sparsity)),
    mean: meanOf(accuracies), min: Math.min(...accuracies), max: Math.max(...accuracies),
  };
}

/** @param {number[]} values At least one. */
export function meanOf(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
