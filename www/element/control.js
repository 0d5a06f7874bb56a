// The element's methods and events: what a script asks for is said to the session, what comes of it is told.

import { RECIPES, readRecipe } from '../model/recipes.js';
import { isMeasured as isMeasuredNow, isScoring, outcome } from '../state/derive.js';
import { atMostEvery } from './at-most-every.js';
import { eventsBetween, isReady } from './events.js';
import { snapshot } from './snapshot.js';
import { PlaygroundError, Turns, quiet } from './turns.js';

/** @import {RecipeFile, RecipeId} from '../model/types.d.ts' */
/** @import {ElementEvent, Snapshot} from '../pruning-playground.d.ts' */
/** @import {Session} from '../session/session.js' */
/** @import {Draft, State} from '../state/types.d.ts' */
/** @import {Deed} from './turns.js' */

/** Milliseconds between `metrics` events: a page can't show more. */
const METRICS_EVERY = 100;

/** What the page says where a recipe has come to its end, one way or another. */
const ENDS = new Set(['recipe-done', 'recipe-stopped', 'recipe-lost']);

export class Control {
  /** @type {Session | null} */
  #session = null;
  /** @type {State | null} */
  #told = null;
  #toldReady = false;
  #turns = new Turns((state) => this.#tellOf(state));
  /** @type {(event: ElementEvent) => void} */
  #tell;
  #metrics = atMostEvery(METRICS_EVERY, (/** @type {ElementEvent} */ event) => this.#tell(event));

  /** @param {(event: ElementEvent) => void} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /** @param {Session} session */
  attach(session) {
    this.#session = session;
    this.#told = session.state;
    this.#toldReady = false;
    this.#turns.attach(session);
  }

  /** The element was removed. */
  detach() {
    this.#session = null;
    this.#metrics.cancel();
    this.#turns.detach();
  }

  /** @returns {Promise<Snapshot>} */
  ready() {
    return quiet(this.#turns.until(isReady).then(() => this.snapshot()));
  }

  /** @returns {Snapshot} */
  snapshot() {
    const session = this.#session;
    if (!session) throw new DOMException('The element is in no document.', 'InvalidStateError');
    return snapshot(session.state, session.cutOf(session.state));
  }

  /** Resolves once the session has taken up what was changed last. */
  settled() {
    return this.#do({ begin: () => {}, done: (now) => isSettled(now) && !this.#session?.leaving });
  }

  run() {
    // Training that goes on by itself is what was asked for.
    this.#session?.autoplay?.giveWay();
    return this.#do({
      begin: (session) => (session.state.activity === 'idle' ? session.run() : undefined),
      done: (now, before) => now.activity !== 'idle' || now.training.step !== before.training.step,
    });
  }

  pause() {
    return this.#do({ begin: (session) => session.pause(), done: (now) => now.activity === 'idle' && isMeasured(now) });
  }

  step() {
    return this.#do({
      begin: (session) => session.step(),
      done: (now, before) => now.activity === 'idle' && isMeasured(now)
        && (now.training.step !== before.training.step || now.recipe?.done !== before.recipe?.done),
    });
  }

  reset() {
    return this.#do({ begin: (session) => session.reset() ?? undefined, done: isSettled, possible: (state) => isReady(state) || state.phase === 'dead' });
  }

  /** @param {number} fraction */
  setSparsity(fraction) {
    if (typeof fraction !== 'number') throw new TypeError(`setSparsity: a number expected, not ${String(fraction)}`);
    if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`setSparsity: ${fraction} is not between 0 and 1`);
    return this.#do({
      begin: (session) => session.selectShare(fraction),
      begun: () => true,
      done: (now) => !isScoring(now) && outcome(now, this.#session?.cutOf(now) ?? null)?.pending === false,
    });
  }

  prune() {
    return this.#do({
      begin: (session) => session.prune(),
      done: (now, before) => now.checkpoint !== before.checkpoint && pointOf(now)?.kind === 'pruned' && isMeasured(now),
    });
  }

  fineTune() {
    return this.#do({
      begin: (session) => session.fineTune(),
      begun: (now, before) => now.activity === 'fine-tuning' || now.training.step > before.training.step,
      done: (now, before) => now.activity === 'idle' && isMeasured(now) && now.training.step > before.training.step,
    });
  }

  /** @param {RecipeId | RecipeFile} recipe */
  follow(recipe) {
    const draft = draftOf(recipe);
    return this.#do({
      begin: (session) => {
        session.setDraft(draft);
        return session.follow();
      },
      begun: (now, before) => now.recipe !== null || ended(now, before) !== undefined,
      done: (now, before) => {
        const end = ended(now, before);
        if (end && end !== 'recipe-done') throw new PlaygroundError(end, 'The recipe was stopped before its end.');
        return end !== undefined && isMeasured(now);
      },
    });
  }

  /**
   * @param {number} id One of the snapshot's points.
   * @throws {RangeError} where there is no such point.
   */
  restore(id) {
    const point = this.#session?.state.points.find((one) => one.id === id);
    if (!point) throw new RangeError(`restore: there is no point ${id}`);
    return this.#do({
      begin: (session) => session.goBack(point),
      done: (now) => isSettled(now) && now.currentPoint === id,
    });
  }

  stopRecipe() {
    return this.#do({
      begin: (session) => (session.state.recipe ? session.stopRecipe() : undefined),
      done: (now) => now.recipe === null && now.activity === 'idle' && isMeasured(now),
    });
  }

  /**
   * @param {Deed} deed
   * @returns {Promise<Snapshot>}
   */
  #do(deed) {
    // Nobody need have seen an element that a script plays.
    this.#session?.start();
    this.#session?.autoplay?.makeRoom();
    return quiet(this.#turns.take(deed).then(() => this.snapshot()));
  }

  /** @param {State} state */
  #tellOf(state) {
    const events = eventsBetween(this.#told ?? state, state);
    this.#told = state;
    for (const event of events) {
      if (event.type === 'metrics') this.#metrics.call(event);
      else if (event.type !== 'ready' || !this.#toldReady) this.#tell(event);
      if (event.type === 'ready') this.#toldReady = true;
    }
  }
}

/** @param {State} state */
function isMeasured(state) {
  const { pending, scores, training, revision } = state;
  return pending === null && scores?.step === training.step && scores.revision >= revision && isMeasuredNow(state);
}

/** @param {State} state */
function isSettled(state) {
  return isReady(state) && isMeasured(state) && !isScoring(state);
}

/** @param {State} state */
function pointOf({ points, currentPoint }) {
  return points.find(({ id }) => id === currentPoint);
}

/**
 * How the recipe ended that was under way.
 * @param {State} now
 * @param {State} before
 */
function ended(now, before) {
  return now.notices.find(({ id, key }) => id >= before.nextId && ENDS.has(key))?.key;
}

/**
 * @param {RecipeId | RecipeFile} recipe
 * @returns {Draft}
 * @throws {TypeError} where it is no recipe.
 */
function draftOf(recipe) {
  if (typeof recipe === 'string') {
    if (!Object.hasOwn(RECIPES, recipe)) throw new TypeError(`"${recipe}" is none of ${Object.keys(RECIPES).join(', ')}`);
    return { id: recipe, recipe: RECIPES[recipe] };
  }
  try {
    return { id: 'file', recipe: readRecipe(JSON.stringify(recipe) ?? '') };
  } catch (error) {
    throw new TypeError(`not a recipe: ${error instanceof Error ? error.message : String(error)}`);
  }
}
