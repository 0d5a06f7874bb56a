// How a message of the core changes what the page knows. Pure.

import { sameMethod, withMethod } from '../model/method.js';
import { selectionAtStart, selectionUnder } from '../model/selection.js';
import { fromRunConfig, needsFiles } from '../model/settings.js';
import { EMPTY_HISTORY, historyBefore, extended } from './history.js';
import { NO_CURVE, answers, curve } from './reduce-curve.js';
import { point } from './reduce-point.js';
import { sameData, teacherFor } from './teacher.js';
import { sameNetwork } from '../model/presets.js';

/** @import {Event, Message, RunConfig} from '../generated/protocol.d.ts' */
/** @import {Pending, State} from './types.d.ts' */

/**
 * @param {State} state
 * @param {Message} message Dropped when it speaks of a run that is over.
 * @returns {State}
 */
export function reduceMessage(state, message) {
  const { event, runId, revision, command } = message;
  if (event.type === 'done') return state;
  if (event.type === 'error') return failed(state, event, command);
  const awaited = state.awaited.find((run) => run.command === command);
  if (event.type === 'configured' && awaited) return configured(state, awaited, message, event);
  if (runId !== state.runId) return state;
  // What is told of an earlier look at the network does not bring that back.
  return onEvent(revision > state.revision ? { ...state, revision } : state, message, event);
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
    case 'evaluated': return evaluated(state, message, event);
    case 'scored': return scored(state, message, event);
    case 'scoring': return { ...state, scoring: { command: message.command, done: event.done, total: event.total } };
    case 'previewed': return previewed(state, message, event);
    case 'curve': return curve(state, message, event);
    case 'answers': return answers(state, message, event);
    case 'examples': return examples(state, message, event);
    case 'point': return point(state, message, event);
    case 'recipe': return { ...state, recipe: { name: event.name, done: event.done, total: event.total, state: event.state } };
    case 'saved': return { ...state, checkpoint: { bytes: message.bulk.checkpoint, step: event.step } };
    default: return state;
  }
}

/**
 * A command failed and the session is as it was. That something was given up is nothing to tell.
 * @param {State} state
 * @param {Extract<Event, {type: 'error'}>} event
 * @param {number} command
 * @returns {State}
 */
function failed(state, event, command) {
  const told = event.code === 'cancelled' ? state : withFailure(state, event, command);
  const heard = state.scoring?.command === command ? { ...told, scoring: null } : told;
  return runLost(heard, command);
}

/**
 * @param {State} state
 * @param {Extract<Event, {type: 'error'}>} event
 * @param {number} command
 * @returns {State}
 */
function withFailure(state, { code, message }, command) {
  const files = state.awaited.find((run) => run.command === command)?.files.join(', ') ?? '';
  const notice = { id: state.nextId, tone: /** @type {const} */ ('warning'), key: `error-${code}`, values: { message, files }, command };
  const notices = [...state.notices.filter(({ key }) => key !== notice.key), notice].slice(-3);
  return { ...state, notices, nextId: state.nextId + 1 };
}

/**
 * A run that was asked for did not come about: where none is awaited any more, the settings go back to those of the one in hand.
 * @param {State} state
 * @param {number} command
 * @returns {State}
 */
export function runLost(state, command) {
  const awaited = state.awaited.filter((run) => run.command !== command);
  if (awaited.length === state.awaited.length) return state;
  return settingsOfRun({ ...state, awaited, pending: awaited.at(-1) ?? null });
}

/**
 * Where no other run is awaited, the settings are those of the one in hand.
 * @param {State} state
 * @returns {State}
 */
export function settingsOfRun(state) {
  return state.config && state.awaited.length === 0 ? { ...state, settings: fromRunConfig(state.settings, state.config) } : state;
}

/**
 * The method that was chosen can't be had: the settings go back to the one in hand.
 * @param {State} state
 * @returns {State}
 */
export function methodLost(state) {
  const { scores } = state;
  if (!scores) return state;
  const settings = withMethod(state.settings, scores.method);
  const selection = settings.scope !== state.settings.scope ? selectionUnder(scores.method, { ...state, settings }) : state.selection;
  return { ...state, settings, selection, scoring: null };
}

/**
 * @param {State} state
 * @param {Pending} asked
 * @param {Message} message
 * @param {Extract<Event, {type: 'configured'}>} event
 * @returns {State}
 */
function configured(state, asked, message, event) {
  const pending = asked.kept && asked.point ? { ...asked, point: { ...asked.point, id: state.nextId } } : asked;
  const known = sameImages(state, event);
  // Those that were asked for before it are over.
  const awaited = state.awaited.slice(state.awaited.indexOf(asked) + 1);
  const base = resumed(known && fits(state.config, event.config) ? state : withoutStates(state), pending);
  return {
    ...base,
    // What an opened network was pruned from is not known.
    ...(pending.kind === 'opened' ? { dense: null, denseCurve: [], denseProbabilities: null } : {}),
    ...place({ ...base, layers: event.network.layers }, pending),
    runId: message.runId,
    revision: message.revision,
    looks: [message.revision, message.revision],
    awaited,
    pending: awaited.at(-1) ?? null,
    // Figures of the run before are none of this one.
    evaluated: base.evaluated && { ...base.evaluated, revision: -1 },
    scoring: null,
    // Those of a run that is still to come are of it.
    settings: awaited.length > 0 || state.awaitingFiles !== null ? state.settings : fromRunConfig(state.settings, event.config),
    config: event.config,
    teacher: known ? teacherFor(state, event.config) : null,
    dataset: event.dataset,
    layers: event.network.layers,
    network: event.network,
    activity: 'idle',
    workers: null,
    preview: null,
    // A run has its own recipe: one that was under way ends with the run before.
    recipe: state.recipe && { ...state.recipe, state: 'stopped' },
  };
}

/**
 * A state of an earlier visit is one of this visit's, too. How it came about is not kept, and
 * of the network that it was pruned from only the accuracy.
 * @param {State} state
 * @param {Pending} pending
 * @returns {State}
 */
function resumed(state, { kept, point }) {
  if (!kept) return state;
  const points = point ? [...state.points, point] : state.points;
  return { ...state, points, dense: kept.dense, denseCurve: [], denseProbabilities: null, history: EMPTY_HISTORY, nextId: state.nextId + 1 };
}

/**
 * Whether files of the same data set hold the same images as before.
 * @param {State} state
 * @param {Extract<Event, {type: 'configured'}>} event
 */
function sameImages({ dataset }, event) {
  return !needsFiles(event.dataset.id) || dataset?.digest === event.dataset.digest;
}

/** @type {Pick<State, 'history' | 'currentPoint' | 'checkpoint' | 'trail' | 'held'>} */
const ANEW = Object.freeze({ history: EMPTY_HISTORY, currentPoint: null, checkpoint: null, trail: [], held: 0 });

/**
 * Where a run begins: its history, its slider, the state it stands on.
 * @param {State} state
 * @param {Pending} pending
 * @returns {Pick<State, 'history' | 'selection' | 'currentPoint' | 'training' | 'checkpoint' | 'trail' | 'held'>}
 */
function place(state, { kind, point: from, checkpoint: other }) {
  if (kind === 'fresh') {
    return { ...ANEW, selection: selectionAtStart(state.settings, state.layers), training: atStep(state, 0, 0) };
  }
  if (kind === 'opened') {
    return { ...ANEW, selection: selectionAtStart({ ...state.settings, sparsity: [0] }, state.layers), training: atStep(state, 0, 0) };
  }
  // From now on it is this state that is gone on from, should the worker die.
  const checkpoint = from ? { bytes: from.checkpoint, step: from.step } : other ?? state.checkpoint;
  const step = checkpoint?.step ?? 0;
  const point = from ?? state.points.find((one) => one.checkpoint === checkpoint?.bytes);
  return {
    checkpoint,
    history: historyBefore(state.history, step),
    trail: state.trail.filter((curve) => curve.step <= step),
    selection: state.selection,
    held: point ? point.total - point.kept.reduce((sum, layer) => sum + layer, 0) : state.held,
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
  return before !== null && sameData(before, now) && sameNetwork(before, now);
}

/**
 * @param {State} state
 * @returns {State}
 */
function withoutStates(state) {
  return {
    ...state, points: [], checkpoint: null, curve: NO_CURVE, trail: [], denseCurve: [], forgotten: null, scores: null, examples: null,
    denseProbabilities: null, dense: null, evaluated: null, held: 0, chosenExample: 0,
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
 * @param {Message} message
 * @param {Extract<Event, {type: 'evaluated'}>} event
 * @returns {State}
 */
function evaluated(state, { revision }, { step, epoch, pruned, train, test }) {
  const known = state.points.find(({ id }) => id === state.currentPoint);
  const dense = pruned === 0 ? known?.test ?? test : state.dense;
  return {
    ...looked(state, revision),
    evaluated: { train, test, revision },
    held: pruned,
    dense,
    training: { ...state.training, step, epoch, remaining: null },
    history: extended(state.history, step, null, test.accuracy),
  };
}

/** Of a large network, whose weights are asked for layer by layer. */
const NO_ARRAYS = Object.freeze({
  weights: new Float32Array(0), biases: new Float32Array(0), ranks: new Uint32Array(0), masks: new Uint8Array(0), cutAt: new Uint32Array(0),
});

/**
 * @param {State} state
 * @param {Message} message
 * @param {Extract<Event, {type: 'scored'}>} event
 * @returns {State}
 */
function scored(state, { revision, bulk }, { step, kept, method, groups, tables: told }) {
  const { sorted, knots, keptAt } = bulk;
  const tables = told ? { ...told, knots, kept: keptAt } : null;
  const { weights, biases, ranks, masks, cutAt } = tables ? NO_ARRAYS : bulk;
  const total = state.layers.reduce((sum, layer) => sum + layer.weights, 0);
  const alreadyCut = total - kept.reduce((sum, layer) => sum + layer, 0);
  const scores = { revision, step, weights, biases, ranks, sorted, masks, cutAt, method, groups, alreadyCut, tables };
  const before = state.scores;
  const now = { ...looked(state, revision), scores, scoring: null };
  if (!before || sameMethod(before.method, method)) return now;
  // What was measured of the other method's cut is shown until it is measured anew, and is no answer.
  const preview = state.preview && { ...state.preview, revision: -1 };
  return { ...now, selection: selectionUnder(method, state), preview };
}

/**
 * With a look at the network as it was at a revision.
 * @param {State} state
 * @param {number} revision
 * @returns {State}
 */
function looked(state, revision) {
  const [, last] = state.looks;
  return revision > last ? { ...state, looks: [last, revision] } : state;
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
 * @param {Extract<Event, {type: 'examples'}>} event
 * @returns {State}
 */
function examples(state, { bulk }, { labels, pruned }) {
  const { images, probabilities } = bulk;
  return {
    ...state,
    examples: { labels, images, probabilities },
    held: pruned,
    denseProbabilities: pruned === 0 ? probabilities : state.denseProbabilities,
    chosenExample: Math.min(state.chosenExample, labels.length - 1),
  };
}
