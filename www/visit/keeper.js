// Keeps the state in hand in this browser, and offers it on the next visit.

import { OF_THE_READER, differ, fromRunConfig, needsFiles, runConfig } from '../model/settings.js';
import { stateToKeep } from './kept.js';

/** @import {Session} from '../session/session.js' */
/** @import {Kept} from '../state/types.d.ts' */
/** @import {Found, Records} from './records.js' */

/** Milliseconds of calm before a state is written: measuring it over more images comes soon after. */
const CALM = 400;
/** Milliseconds of training: a network that has had less, and has not been cut, is not offered in the place of an earlier one. */
const MOMENT = 3000;
/** A longer silence of the worker was a wait, not training. */
const LONGEST_GAP = 250;

export class Keeper {
  #session;
  #records;
  /** @type {(point: number | null) => boolean} */
  #isTheirs;
  #clock;
  /** @type {Kept | null} */
  #offer = null;
  /** @type {Found | null} The record that an earlier visit left, for as long as there is one. */
  #last = null;
  /** Whether the network in hand goes on from that. */
  #continues = false;
  /** @type {Kept | null} Taken up, until there is a run that it can go on in. */
  #takenUp = null;
  /** @type {Omit<Kept, 'savedAt'> | null} */
  #unwritten = null;
  /** What was written last, or came from the store. */
  #written = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #stored = false;
  /** How long the network in hand has been trained in this visit, to which step, and when that was. */
  #trained = { ms: 0, step: 0, at: 0 };

  /**
   * @param {Session} session
   * @param {Pick<Records, 'look' | 'write' | 'forget'>} records Of the place whose state it is.
   * @param {(point: number | null) => boolean} isTheirs Whether a person made the state in hand.
   * @param {() => number} [clock] In milliseconds.
   */
  constructor(session, records, isTheirs, clock = () => performance.now()) {
    this.#session = session;
    this.#records = records;
    this.#isTheirs = isTheirs;
    this.#clock = clock;
  }

  /** The state of an earlier visit that a person has not decided on yet. */
  get offer() {
    return this.#offer;
  }

  /** Whether the network of an earlier visit can be brought back: it is neither on offer nor in hand. */
  get canBringBack() {
    return this.#last !== null && this.#offer === null && this.#takenUp === null && !this.#continues;
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
      this.#last = await this.#records.look(Date.now());
    } catch {
      return false;
    }
    this.#offer = this.#last?.kept ?? null;
    this.#stored = this.#last !== null;
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

  /** Takes up the network of an earlier visit after all. */
  bringBack() {
    if (!this.canBringBack) return;
    this.#offer = this.#last?.kept ?? null;
    this.accept();
  }

  /** Lets go of the offer; the state is kept, and can be brought back. */
  decline() {
    this.#offer = null;
    this.#session.store.invalidate();
  }

  /** Deletes what is kept in this browser. */
  async forget() {
    clearTimeout(this.#timer);
    this.#unwritten = null;
    try {
      await this.#records.forget();
      this.#stored = false;
      this.#last = null;
      this.decline();
    } catch (error) {
      this.#session.notify('forget-failed', { message: String(error) });
    }
  }

  /** To be called when the worker has told something. */
  update() {
    this.#followTraining();
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
    const continued = this.#continues && this.#last && kept.step >= this.#last.kept.step ? this.#last : null;
    const brief = this.#last !== null && !continued && kept.sparsity === 0 && this.#trained.ms < MOMENT;
    try {
      await this.#records.write({ ...kept, savedAt: Date.now() }, brief, continued?.key ?? null);
      this.#stored = true;
      // What it went on from is this record now.
      if (continued && this.#last === continued) this.#last = null;
    } catch {
      // No room or no store: the page works as well, and the person has not asked for this.
    }
    this.#session.store.invalidate();
  }

  #followTraining() {
    const { activity, pending, training: { step } } = this.#session.state;
    const now = this.#clock();
    const { ms, step: before, at } = this.#trained;
    this.#trained.at = now;
    // Until the run that was asked for is there, the step is that of the one before.
    if (pending) return;
    // Begun anew, or from an earlier state, it is another network.
    const another = step < before;
    if (another) this.#continues = false;
    this.#trained = { ms: another ? 0 : ms + (activity === 'idle' ? 0 : Math.min(now - at, LONGEST_GAP)), step, at: now };
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
      this.#continues = kept === this.#last?.kept;
      this.#trained = { ms: 0, step: 0, at: this.#clock() };
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
