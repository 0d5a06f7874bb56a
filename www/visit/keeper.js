// Keeps the state in hand in this browser, and offers it on the next visit.

import { createStore, del, get, set } from '../../vendor/idb-keyval/index.js';
import { OF_THE_READER, differ, fromRunConfig, needsFiles, runConfig } from '../model/settings.js';
import { fromRecord, stateToKeep, toRecord } from './kept.js';

/** @import {Session} from '../session/session.js' */
/** @import {Kept} from '../state/types.d.ts' */

/** Milliseconds of calm before a state is written: measuring it over more images comes soon after. */
const CALM = 400;

export class Keeper {
  #session;
  #key;
  /** @type {(point: number | null) => boolean} */
  #isTheirs;
  /** @type {Kept | null} */
  #offer = null;
  /** @type {Kept | null} Taken up, until there is a run that it can go on in. */
  #takenUp = null;
  /** @type {Omit<Kept, 'savedAt'> | null} */
  #unwritten = null;
  /** What was written last, or came from the store. */
  #written = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #stored = false;

  /**
   * @param {Session} session
   * @param {string} key Names the place on this site whose state it is.
   * @param {(point: number | null) => boolean} isTheirs Whether a person made the state in hand.
   */
  constructor(session, key, isTheirs) {
    this.#session = session;
    this.#key = key;
    this.#isTheirs = isTheirs;
  }

  /** The state of an earlier visit that a person has not decided on yet. */
  get offer() {
    return this.#offer;
  }

  /** Whether anything is kept in this browser. */
  get stored() {
    return this.#stored;
  }

  /** Whether the offer has to wait for files that only the person has. */
  get offerNeedsFiles() {
    const dataset = this.#offer?.settings.dataset;
    return dataset !== undefined && needsFiles(dataset) && !(this.#session.files.length > 0 && this.#session.state.config?.dataset === dataset);
  }

  /**
   * Looks for a state of an earlier visit. Without a store there is none, and nobody asked for one.
   * @returns {Promise<boolean>} Whether there is one.
   */
  async look() {
    try {
      this.#offer = fromRecord(await get(this.#key, store()), Date.now());
    } catch {
      return false;
    }
    this.#stored = this.#offer !== null;
    this.#session.store.invalidate();
    return this.#stored;
  }

  /** Goes on with the state that is offered, as soon as there is a run that it fits. */
  accept() {
    const kept = this.#offer;
    if (!kept) return;
    this.#offer = null;
    this.#takenUp = kept;
    const { settings } = this.#session.state;
    const own = Object.fromEntries(OF_THE_READER.map((name) => [name, settings[name]]));
    this.#session.change({ ...kept.settings, ...own });
    this.update();
    this.#session.store.invalidate();
  }

  /** Lets go of the offer; the state is kept until another is. */
  decline() {
    this.#offer = null;
    this.#session.store.invalidate();
  }

  /** Deletes what is kept in this browser. */
  async forget() {
    clearTimeout(this.#timer);
    this.#unwritten = null;
    try {
      await del(this.#key, store());
      this.#stored = false;
      this.decline();
    } catch (error) {
      this.#session.notify('forget-failed', { message: String(error) });
    }
  }

  /** To be called when the worker has told something. */
  update() {
    if (this.#takenUp) this.#goOn(this.#takenUp);
    const kept = stateToKeep(this.#session.state, this.#isTheirs);
    if (!kept || nameOf(kept) === this.#written) return;
    this.#written = nameOf(kept);
    this.#unwritten = kept;
    this.#offer = null;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), CALM);
  }

  /** Writes at once what was to be written after some calm. */
  async flush() {
    clearTimeout(this.#timer);
    const kept = this.#unwritten;
    if (!kept) return;
    this.#unwritten = null;
    try {
      await set(this.#key, toRecord({ ...kept, savedAt: Date.now() }), store());
      this.#stored = true;
    } catch {
      // No room or no store: the page works as well, and the person has not asked for this.
    }
    this.#session.store.invalidate();
  }

  /** @param {Kept} kept */
  #goOn(kept) {
    const { state } = this.#session;
    if (differ(state.settings, kept.settings, 'run')) {
      // Something else was chosen, or the files were not the right ones.
      this.#takenUp = null;
      this.#offer = kept;
    } else if (state.phase === 'ready' && state.config && !state.pending && !differ(fromRunConfig(state.settings, state.config), kept.settings, 'run')) {
      this.#takenUp = null;
      this.#written = nameOf(kept);
      this.#session.resume(kept);
    }
  }
}

/**
 * Tells one state from another, and one measurement of it from the next.
 * @param {Omit<Kept, 'savedAt'>} kept
 */
function nameOf({ settings, step, sparsity, accuracy, point }) {
  return JSON.stringify([runConfig(settings), step, sparsity, accuracy, point?.kept, point?.test]);
}

/** @type {ReturnType<typeof createStore> | null} */
let opened = null;

function store() {
  opened ??= createStore('pruning-playground', 'states');
  return opened;
}
