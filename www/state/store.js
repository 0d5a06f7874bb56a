// What the page knows: a pure reducer (state, event) -> state, and the holder that tells the views.

import { methodOf, sameMethod } from '../model/method.js';
import { selectionOf, selectionUnder } from '../model/selection.js';
import { EMPTY_HISTORY } from './history.js';
import { NO_CURVE } from './reduce-curve.js';
import { methodLost, reduceMessage, runLost, settingsOfRun } from './reduce-message.js';

/** @import {Settings} from '../model/types.d.ts' */
/** @import {PageEvent, Pending, State, Trouble} from './types.d.ts' */

/**
 * @param {Settings} settings
 * @returns {State}
 */
export function initialState(settings) {
  return {
    phase: 'loading',
    settings,
    progress: null,
    backend: null,
    memory: null,
    runId: 0,
    pending: null,
    awaited: [],
    revision: 0,
    looks: [0, 0],
    config: null,
    dataset: null,
    layers: [],
    network: null,
    activity: 'idle',
    workers: null,
    training: { step: 0, epoch: 0, loss: null, imagesPerSecond: null, remaining: null },
    evaluated: null,
    held: 0,
    dense: null,
    scores: null,
    scoring: null,
    examples: null,
    denseProbabilities: null,
    chosenExample: 0,
    selection: { by: 'fraction', value: 0 },
    preview: null,
    curve: NO_CURVE,
    trail: [],
    forgotten: null,
    denseCurve: [],
    points: [],
    currentPoint: null,
    teacher: null,
    checkpoint: null,
    history: EMPTY_HISTORY,
    recipe: null,
    draft: { id: 'manual', recipe: null },
    notices: [],
    trouble: null,
    awaitingFiles: null,
    offeredBytes: null,
    nextId: 1,
  };
}

/**
 * @param {State} state
 * @param {PageEvent} event
 * @returns {State}
 */
export function reduce(state, event) {
  switch (event.type) {
    case 'message': return reduceMessage(state, event.message);
    case 'settings': return withSettings(state, event.settings);
    case 'progress': return { ...state, progress: { what: event.what, loaded: event.loaded, total: event.total } };
    case 'progress-ended': return { ...state, progress: null };
    case 'backend': return { ...state, backend: event.backend, progress: null };
    case 'backend-reason': return { ...state, backend: state.backend && { ...state.backend, reason: event.reason, detail: event.detail, speeds: event.speeds } };
    case 'spread': return { ...state, workers: null };
    case 'moved': return moved(state, event);
    case 'method-lost': return methodLost(state);
    case 'scoring-over': return { ...state, scoring: null };
    case 'run-lost': return settingsOfRun(runLost(state, event.command));
    case 'memory': return state.memory === event.bytes ? state : { ...state, memory: event.bytes };
    case 'select': return { ...state, selection: event.selection };
    case 'begin': return begin(state, event.pending);
    case 'await-files': return { ...state, awaitingFiles: event.dataset, offeredBytes: null };
    case 'offer': return { ...state, offeredBytes: event.bytes };
    case 'choose-example': return { ...state, chosenExample: event.index };
    case 'notice': return withNotice(state, event);
    case 'dismiss': return { ...state, notices: state.notices.filter(({ id }) => id !== event.id) };
    case 'draft': return { ...state, draft: event.draft };
    case 'recipe-told': return { ...state, recipe: null };
    case 'phase': return inPhase(state, event.phase);
    case 'trouble': return troubled(state, event.trouble);
    default: return state;
  }
}

/**
 * Whether layers are cut together or by hand changes no ranking, and so at once what the sliders say.
 * @param {State} state
 * @param {Settings} settings
 * @returns {State}
 */
function withSettings(state, settings) {
  const { scores } = state;
  const ranked = scores !== null && sameMethod(methodOf(settings), scores.method);
  if (!ranked || settings.scope === state.settings.scope) return { ...state, settings };
  return { ...state, settings, selection: selectionUnder(scores.method, { ...state, settings }) };
}

/**
 * Without a worker nothing is under way.
 * @param {State} state
 * @param {State['phase']} phase
 * @returns {State}
 */
function inPhase(state, phase) {
  if (phase === 'ready') return state.phase === 'ready' ? state : { ...state, phase, trouble: null };
  return { ...state, phase, trouble: null, ...AT_REST };
}

/** @type {Pick<State, 'pending' | 'awaited' | 'activity' | 'workers' | 'scoring'>} */
const AT_REST = { pending: null, awaited: [], activity: 'idle', workers: null, scoring: null };

/**
 * What is known of the network holds in the other worker, too, where revisions are counted anew.
 * @param {State} state
 * @param {Extract<PageEvent, {type: 'moved'}>} event
 * @returns {State}
 */
function moved(state, { runId, backend, revision }) {
  const { evaluated, preview, scores } = state;
  return {
    ...state, runId, backend, revision, looks: [revision, revision], scoring: null,
    evaluated: evaluated && { ...evaluated, revision },
    preview: preview && { ...preview, revision },
    scores: scores && { ...scores, revision },
  };
}

/**
 * What was under way has ended; that it would be started again is no longer so.
 * @param {State} state
 * @param {Trouble} trouble
 * @returns {State}
 */
function troubled(state, trouble) {
  const notices = state.notices.filter(({ key }) => key !== 'worker-died' && key !== 'device-lost');
  return { ...state, phase: 'dead', trouble, notices, progress: null, ...AT_REST };
}

/**
 * A run was asked for. Going back, the slider goes to its place at once, so that the answer does not undo what a
 * person does next; a fresh run may yet fail, and the slider waits for it.
 * @param {State} state
 * @param {Pending} pending
 * @returns {State}
 */
function begin(state, pending) {
  const { point } = pending;
  const selection = point && pending.kind !== 'recovery' ? selectionOf(state.settings, point, state.layers) : state.selection;
  // What is recovered does not answer what was asked for since.
  const files = pending.kind === 'recovery' ? {} : { awaitingFiles: null, offeredBytes: null };
  return { ...state, pending, awaited: [...state.awaited, pending], selection, ...files };
}

/**
 * @param {State} state
 * @param {Extract<PageEvent, {type: 'notice'}>} event
 * @returns {State}
 */
function withNotice(state, { tone, key, values = {} }) {
  const others = state.notices.filter((notice) => notice.key !== key);
  const notice = { id: state.nextId, tone, key, values };
  return { ...state, notices: [...others, notice].slice(-3), nextId: state.nextId + 1 };
}

/** What comes at every step. */
const LATE = new Set(['trained', 'workers']);

/** Holds the state and tells the views of changes, at most once a frame. */
export class Store {
  /** @type {State} */
  state;
  /** @type {((state: State) => void) | null} */
  #render = null;
  /** @type {Set<() => void>} */
  #watchers = new Set();
  #frame = 0;
  #late = 0;

  /** @param {State} state */
  constructor(state) {
    this.state = state;
  }

  /** @param {PageEvent} event */
  dispatch(event) {
    const next = reduce(this.state, event);
    if (next === this.state) return;
    this.state = next;
    this.#watchers.forEach((watch) => watch());
    if (!next.workers || event.type !== 'message' || !LATE.has(event.message.event.type)) return this.invalidate();
    // Workers use every core: what is drawn is drawn at their cost.
    this.#late ||= window.setTimeout(() => {
      this.#late = 0;
      this.invalidate();
    }, 200);
    return undefined;
  }

  /**
   * Is told of every change at once, whether or not the page is seen.
   * @param {() => void} watch
   */
  watch(watch) {
    this.#watchers.add(watch);
  }

  /** Asks for a render in the next frame. */
  invalidate() {
    if (this.#frame !== 0 || !this.#render) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#render?.(this.state);
    });
  }

  /** @param {((state: State) => void) | null} render */
  subscribe(render) {
    this.#render = render;
    if (!render && this.#frame !== 0) {
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
    }
    this.invalidate();
  }
}
