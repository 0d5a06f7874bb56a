// How a message of the core changes what the page knows. Pure.

import { methodKey, sameMethod, withMethod } from '../model/method.js';
import { selectionAtStart, selectionUnder } from '../model/selection.js';
import { fromRunConfig, needsFiles } from '../model/settings.js';
import { curveName } from './derive.js';
import { EMPTY_HISTORY, historyBefore, extended } from './history.js';
import { sameData, teacherFor } from './teacher.js';

/** @import {Event, Message, Point, RunConfig} from '../generated/protocol.d.ts' */
/** @import {Curve, Pending, State} from './types.d.ts' */

/** @type {Curve} */
const NO_CURVE = Object.freeze({ of: '', points: [], remaining: 0, before: [] });

/** States kept to go back to; a checkpoint of the largest network offered holds about 2 MB. */
const POINT_LIMIT = 64;

/**
 * @param {State} state
 * @param {Message} message Dropped when it speaks of a run that is over.
 * @returns {State}
 */
export function reduceMessage(state, message) {
  const { event, runId, revision } = message;
  if (event.type === 'error') return failed(state, event);
  if (event.type === 'configured' && state.pending?.runId === runId) return configured(state, state.pending, message, event);
  if (runId !== state.runId) return state;
  return onEvent({ ...state, revision }, message, event);
}

/**
 * @param {State} state
 * @param {Message} message
 * @param {Event} event
 * @returns {State}
 */
function onEvent(state, message, event) {
  switch (event.type) {
    case 'configured': return { ...state, config: event.config };
    case 'state': return { ...state, activity: event.activity };
    case 'workers': return { ...state, workers: event };
    case 'trained': return trained(state, event);
    case 'evaluated': return evaluated(state, event);
    case 'scored': return scored(state, message, event);
    case 'previewed': return previewed(state, message, event);
    case 'curve': return curve(state, message, event);
    case 'examples': return examples(state, message, event);
    case 'point': return point(state, message, event);
    case 'recipe': return { ...state, recipe: { name: event.name, done: event.done, total: event.total, state: event.state } };
    case 'saved': return { ...state, checkpoint: { bytes: message.bulk.checkpoint, step: event.step } };
    default: return state;
  }
}

/**
 * A command failed and the session is as it was, so that the settings go back to those of its run and method.
 * @param {State} state
 * @param {Extract<Event, {type: 'error'}>} event
 * @returns {State}
 */
function failed(state, event) {
  const notice = {
    id: state.nextId,
    tone: /** @type {const} */ ('warning'),
    key: `error-${event.code}`,
    values: { message: event.message, files: state.pending?.files.join(', ') ?? '' },
  };
  const notices = [...state.notices.filter(({ key }) => key !== notice.key), notice].slice(-3);
  const run = state.pending && state.config ? fromRunConfig(state.settings, state.config) : state.settings;
  const settings = state.scores && !state.pending ? withMethod(run, state.scores.method) : run;
  const selection = settings.scope !== run.scope && state.scores ? selectionUnder(state.scores.method, { ...state, settings }) : state.selection;
  return { ...state, settings, selection, pending: null, notices, nextId: state.nextId + 1 };
}

/**
 * @param {State} state
 * @param {Pending} pending
 * @param {Message} message
 * @param {Extract<Event, {type: 'configured'}>} event
 * @returns {State}
 */
function configured(state, pending, message, event) {
  const known = sameImages(state, event);
  const base = known && fits(state.config, event.config) ? state : withoutStates(state);
  return {
    ...base,
    // What an opened network was pruned from is not known.
    ...(state.pending?.kind === 'opened' ? { dense: null, denseCurve: [], denseProbabilities: null } : {}),
    ...place({ ...base, layers: event.layers }, pending),
    runId: message.runId,
    revision: message.revision,
    pending: null,
    phase: 'ready',
    settings: fromRunConfig(state.settings, event.config),
    config: event.config,
    teacher: known ? teacherFor(state, event.config) : null,
    dataset: event.dataset,
    layers: event.layers,
    activity: 'idle',
    workers: null,
    preview: null,
    // A run has its own recipe: one that was under way ends with the run before.
    recipe: state.recipe && { ...state.recipe, state: 'stopped' },
  };
}

/**
 * Whether files of the same data set hold the same images as before.
 * @param {State} state
 * @param {Extract<Event, {type: 'configured'}>} event
 */
function sameImages({ dataset }, event) {
  return !needsFiles(event.dataset.id) || dataset?.digest === event.dataset.digest;
}

/**
 * Where a run begins: its history, its slider, the state it stands on.
 * @param {State} state
 * @param {Pending} pending
 * @returns {Pick<State, 'history' | 'selection' | 'currentPoint' | 'training'>}
 */
function place(state, { kind, point: from }) {
  if (kind === 'fresh') {
    return { history: EMPTY_HISTORY, selection: selectionAtStart(state.settings, state.layers), currentPoint: null, training: atStep(state, 0, 0) };
  }
  if (kind === 'opened') {
    const selection = selectionAtStart({ ...state.settings, sparsity: [0] }, state.layers);
    return { history: EMPTY_HISTORY, selection, currentPoint: null, training: atStep(state, 0, 0) };
  }
  const step = kind === 'recovery' ? state.checkpoint?.step ?? 0 : from?.step ?? 0;
  const point = from ?? state.points.find(({ checkpoint }) => checkpoint === state.checkpoint?.bytes);
  return {
    history: historyBefore(state.history, step),
    selection: state.selection,
    currentPoint: point?.id ?? null,
    training: atStep(state, step, null),
  };
}

/**
 * @param {State} state
 * @param {number} step
 * @param {number | null} epoch null keeps it until it is told.
 */
function atStep(state, step, epoch) {
  return { step, epoch: epoch ?? state.training.epoch, loss: null, imagesPerSecond: null, remaining: null };
}

/**
 * Whether checkpoints made under one configuration can be restored under another.
 * @param {RunConfig | null} before
 * @param {RunConfig} now
 */
function fits(before, now) {
  return before !== null && sameData(before, now) && String(before.widths) === String(now.widths);
}

/**
 * @param {State} state
 * @returns {State}
 */
function withoutStates(state) {
  return {
    ...state, points: [], checkpoint: null, curve: NO_CURVE, denseCurve: [], scores: null, examples: null,
    denseProbabilities: null, dense: null, evaluated: null, chosenExample: 0,
  };
}

/**
 * @param {State} state
 * @param {Extract<Event, {type: 'trained'}>} event
 * @returns {State}
 */
function trained(state, { step, epoch, loss, imagesPerSecond, remaining }) {
  return {
    ...state,
    training: { step, epoch, loss, imagesPerSecond, remaining: remaining ?? null },
    history: extended(state.history, step, loss, null),
    currentPoint: null,
  };
}

/**
 * @param {State} state
 * @param {Extract<Event, {type: 'evaluated'}>} event
 * @returns {State}
 */
function evaluated(state, { step, epoch, train, test }) {
  const known = state.points.find(({ id }) => id === state.currentPoint);
  const dense = (state.scores?.alreadyCut ?? 0) === 0 ? known?.test ?? test : state.dense;
  return {
    ...state,
    evaluated: { train, test },
    dense,
    training: { ...state.training, step, epoch, remaining: null },
    history: extended(state.history, step, null, test.accuracy),
  };
}

/**
 * @param {State} state
 * @param {Message} message
 * @param {Extract<Event, {type: 'scored'}>} event
 * @returns {State}
 */
function scored(state, { revision, bulk }, { step, kept, method, groups }) {
  const { weights, biases, ranks, sorted, masks, cutAt } = bulk;
  const alreadyCut = weights.length - kept.reduce((sum, layer) => sum + layer, 0);
  const scores = { revision, step, weights, biases, ranks, sorted, masks, cutAt, method, groups, alreadyCut };
  const before = state.scores;
  if (!before || sameMethod(before.method, method)) return { ...state, scores };
  // What was measured of the other method's cut is shown until it is measured anew, and is no answer.
  const preview = state.preview && { ...state.preview, revision: -1 };
  return { ...state, scores, selection: selectionUnder(method, state), preview };
}

/**
 * @param {State} state
 * @param {Message} message
 * @param {Extract<Event, {type: 'previewed'}>} event
 * @returns {State}
 */
function previewed(state, { revision, bulk }, { selection, pruned, test, ms }) {
  const { preview } = state;
  // A later answer, over more images, has neither the examples nor the time of the first.
  const more = !bulk.probabilities && preview?.pruned === pruned;
  return {
    ...state,
    preview: {
      selection, revision, pruned, test, ms: more ? preview.ms : ms, refined: more, probabilities: more ? preview.probabilities : bulk.probabilities ?? null,
    },
  };
}

/**
 * @param {State} state
 * @param {Message} message
 * @param {Extract<Event, {type: 'curve'}>} event
 * @returns {State}
 */
function curve(state, { runId, revision }, { sparsity, test, remaining }) {
  const of = curveName({ runId, revision, scores: state.scores });
  const { curve: last } = state;
  const fresh = last.of !== of;
  const lastWasWhole = last.remaining === 0 || last.before.length === 0;
  const before = fresh && lastWasWhole ? last.points : last.before;
  const point = { sparsity, accuracy: test.accuracy, samples: test.samples };
  // Fractions below what is already cut all come to the same sparsity.
  const others = fresh ? [] : last.points.filter((other) => other.sparsity !== sparsity);
  const points = [...others, point].sort((a, b) => a.sparsity - b.sparsity);
  const whole = remaining === 0;
  const uncut = (state.scores?.alreadyCut ?? 0) === 0;
  return {
    ...state,
    curve: { of, points, remaining, before: whole ? [] : before },
    denseCurve: whole && uncut ? points : state.denseCurve,
  };
}

/**
 * @param {State} state
 * @param {Message} message
 * @param {Extract<Event, {type: 'examples'}>} event
 * @returns {State}
 */
function examples(state, { bulk }, { labels }) {
  const { images, probabilities } = bulk;
  const uncut = (state.scores?.alreadyCut ?? 0) === 0;
  return {
    ...state,
    examples: { labels, images, probabilities },
    denseProbabilities: uncut ? probabilities : state.denseProbabilities,
    chosenExample: Math.min(state.chosenExample, labels.length - 1),
  };
}

/**
 * @param {State} state
 * @param {Message} message
 * @param {Extract<Event, {type: 'point'}>} event
 * @returns {State}
 */
function point(state, { bulk: { checkpoint } }, { type: _, ...measured }) {
  if (!checkpoint) return remeasured(state, measured);
  const same = state.points.find((other) => other.kind === measured.kind && other.step === measured.step
    && other.sparsity === measured.sparsity && methodKey(other.method) === methodKey(measured.method)
    && String(other.kept) === String(measured.kept) && other.first.loss === measured.test.loss
    && other.first.accuracy === measured.test.accuracy);
  const test = same && same.test.samples > measured.test.samples ? same.test : measured.test;
  const saved = { ...measured, id: same?.id ?? state.nextId, coreId: measured.id, test, first: measured.test, checkpoint };
  return {
    ...state,
    points: same ? state.points.map((other) => (other === same ? saved : other)) : trimmed([...state.points, saved]),
    currentPoint: saved.id,
    dense: measured.kind === 'dense' ? test : state.dense,
    checkpoint: { bytes: checkpoint, step: measured.step },
    nextId: state.nextId + 1,
  };
}

/**
 * The same state once more, measured over more images.
 * @param {State} state
 * @param {Point} measured
 * @returns {State}
 */
function remeasured(state, { id, kind, test }) {
  // Ids begin anew with each run, so that the newest state is the one meant.
  const last = state.points.findLast(({ coreId }) => coreId === id);
  if (!last) return state;
  const current = last.id === state.currentPoint;
  return {
    ...state,
    points: state.points.map((other) => (other === last ? { ...last, test } : other)),
    dense: current && kind === 'dense' ? test : state.dense,
  };
}

/**
 * Lets go of the oldest state over the limit, of dense ones first: they are the cheapest to make again.
 * @param {State['points']} points
 */
function trimmed(points) {
  if (points.length <= POINT_LIMIT) return points;
  const oldest = Math.max(0, points.findIndex(({ kind }) => kind === 'dense'));
  return points.filter((_, index) => index !== oldest);
}
