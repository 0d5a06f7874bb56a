// Runs of the session: begun afresh, on files, from an earlier state, from a file of a network, or after a worker has died.

import { bytesOf, findOffer } from '../data/files.js';
import { methodOf } from '../model/method.js';
import { needsFiles, runConfig } from '../model/settings.js';
import { Cancelled, CoreError, WorkerDied, WorkerReplaced } from './errors.js';
import { BEGINS } from './gate.js';

/** @import {Command, DatasetId, RunConfig} from '../generated/protocol.d.ts' */
/** @import {Checkpoint} from '../model/checkpoint.js' */
/** @import {Kept, PageEvent, Pending, SavedPoint, State} from '../state/types.d.ts' */
/** @import {Asked, How} from './gate.js' */
/** @import {Workplace} from './workplace.js' */

/** Runs with fresh weights. */
const FRESH = new Set(['configure', 'load-files']);
/** What was asked of the run before and has not begun when such a run is asked for. */
const MOOT = new Set([...BEGINS, 'run', 'step', 'pause', 'prune', 'fine-tune', 'follow', 'stop', 'set-method']);
/** A checkpoint that a worker has died over so often, or that the core has refused, is not tried again. */
const STRIKES = 2;

/** @typedef {Extract<Command, {runId: number}>} Beginning */

/**
 * @typedef {object} Run
 * @property {Pending['kind']} kind
 * @property {SavedPoint | null} [point]
 * @property {Pending['checkpoint']} [checkpoint]
 * @property {Kept | null} [kept]
 * @property {File[]} [files]
 * @property {How['bulk']} [bulk]
 * @property {boolean} [pass]
 * @property {() => void} [heard] Is told when it has begun.
 */

export class Runs {
  /** @type {{dataset: DatasetId, files: File[]} | null} Files that the running session has read. */
  #files = null;
  /** @type {{dataset: DatasetId, files: File[]} | null} Files on trial. */
  #tried = null;
  /** @type {WeakMap<Checkpoint, number>} */
  #strikes = new WeakMap();
  #work;
  #state;
  #dispatch;
  #changed;

  /**
   * @param {Workplace} work
   * @param {object} host
   * @param {() => State} host.state
   * @param {(event: PageEvent) => void} host.dispatch
   * @param {() => void} host.changed Told when another run has taken the place of the one before.
   */
  constructor(work, { state, dispatch, changed }) {
    this.#work = work;
    this.#state = state;
    this.#dispatch = dispatch;
    this.#changed = changed;
  }

  /** The files that the running session has read its images from. */
  get files() {
    return this.#filesOf(this.#state().config?.dataset);
  }

  /** Whether a run with fresh weights waits for a worker. */
  get freshWaits() {
    return this.#work.gate.waits(FRESH);
  }

  /**
   * Fresh weights under the settings.
   * @param {{pass?: boolean}} [how]
   * @returns {Asked | null} null where the data set waits for its files.
   */
  begin({ pass = false } = {}) {
    const { settings } = this.#state();
    const { dataset } = settings;
    const files = this.#tried?.dataset === dataset ? this.#tried.files : this.#filesOf(dataset);
    if (files.length > 0) return this.beginOn(dataset, files, { pass });
    if (needsFiles(dataset)) {
      this.#awaitFiles(dataset);
      return null;
    }
    return this.#fresh({ type: 'configure', runId: this.#work.nextRunId(), config: runConfig(settings) }, { kind: 'fresh', pass });
  }

  /**
   * @param {DatasetId} dataset
   * @param {File[]} files
   * @param {{pass?: boolean}} [how]
   */
  beginOn(dataset, files, { pass = false } = {}) {
    const config = { ...runConfig(this.#state().settings), dataset };
    const tried = { dataset, files };
    this.#tried = tried;
    const asked = this.#fresh(this.#loading(config, files), { kind: 'fresh', files, pass, heard: () => { this.#files = tried; } });
    // What could not be read is not read again.
    asked.catch((error) => { if (error instanceof CoreError && this.#tried === tried) this.#tried = null; });
    return asked;
  }

  /** @param {SavedPoint} point */
  goBack(point) {
    return this.#ask({ type: 'restore', runId: this.#work.nextRunId() }, { kind: 'back', point, bulk: { checkpoint: point.checkpoint } });
  }

  /**
   * Goes on with a state of an earlier visit, under the settings that it was made with.
   * @param {Kept} kept
   */
  resume(kept) {
    const { checkpoint, point } = kept;
    // It has its id when it is there.
    const saved = point && { ...point, id: 0, coreId: -1, first: point.test, checkpoint };
    const from = { kept, point: saved, checkpoint: { bytes: checkpoint, step: kept.step }, bulk: { checkpoint } };
    return this.#ask({ type: 'restore', runId: this.#work.nextRunId() }, { kind: saved ? 'back' : 'recovery', ...from });
  }

  /** @param {File} file Of a network. */
  open(file) {
    return this.#ask({ type: 'open', runId: this.#work.nextRunId() }, { kind: 'opened', files: [file] });
  }

  /**
   * Builds the session anew in a new worker: from the last checkpoint, or else from the last state before it, or else afresh.
   * Rejects where that worker dies, too.
   * @returns {Promise<'restored' | 'earlier' | 'afresh' | 'none'>} `none`: not even that could be had.
   */
  async recover() {
    const { worker } = this.#work;
    const last = this.#state().checkpoint?.bytes;
    if (last) {
      if (!await this.#succeeds(worker, this.#rebuild())) return 'none';
      for (const checkpoint of this.#candidates(last)) {
        if (await this.#restores(worker, checkpoint)) return checkpoint === last ? 'restored' : 'earlier';
      }
    }
    return await this.#succeeds(worker, this.#beginAgain()) ? 'afresh' : 'none';
  }

  /**
   * Whether the core does what it was asked; rejects where its worker is no more.
   * @param {number} worker
   * @param {Asked} asked
   */
  async #succeeds(worker, asked) {
    const done = await asked.then(() => true, (error) => {
      if (error instanceof CoreError) return false;
      throw error;
    });
    if (worker !== this.#work.worker) throw new WorkerReplaced();
    return done;
  }

  /** The data and the network of the run in hand, to restore its state into. */
  #rebuild() {
    const { command, files } = this.#inHand();
    return this.#work.gate.ask(command, { files, pass: true });
  }

  /** The run in hand from its beginning; what was asked for since comes after it. */
  #beginAgain() {
    const { command, files } = this.#inHand();
    return this.#ask(command, { kind: 'fresh', files, pass: true });
  }

  /** @returns {{command: Beginning, files: File[]}} */
  #inHand() {
    const { config, settings } = this.#state();
    const of = { .../** @type {RunConfig} */ (config), method: methodOf(settings) };
    const files = this.#filesOf(of.dataset);
    if (files.length > 0) return { command: this.#loading(of, files), files };
    return { command: { type: 'configure', runId: this.#work.nextRunId(), config: of }, files };
  }

  /**
   * Checkpoints to go on from, the best first.
   * @param {Checkpoint} last
   */
  #candidates(last) {
    const before = this.#state().points.findLast(({ checkpoint }) => checkpoint !== last && this.#mayBeTried(checkpoint));
    return [...(this.#mayBeTried(last) ? [last] : []), ...(before ? [before.checkpoint] : [])];
  }

  /** @param {Checkpoint} checkpoint */
  #mayBeTried(checkpoint) {
    return (this.#strikes.get(checkpoint) ?? 0) < STRIKES;
  }

  /**
   * @param {number} worker
   * @param {Checkpoint} checkpoint
   */
  async #restores(worker, checkpoint) {
    const { points, checkpoint: last } = this.#state();
    const point = points.find((one) => one.checkpoint === checkpoint) ?? null;
    const run = /** @type {Run} */ ({ kind: 'recovery', point, checkpoint: last, bulk: { checkpoint }, pass: true });
    try {
      const restored = await this.#succeeds(worker, this.#ask({ type: 'restore', runId: this.#work.nextRunId() }, run));
      if (!restored) this.#strike(checkpoint, STRIKES);
      return restored;
    } catch (error) {
      if (error instanceof WorkerDied && !(error instanceof WorkerReplaced)) this.#strike(checkpoint, 1);
      throw error;
    }
  }

  /**
   * @param {Checkpoint} checkpoint
   * @param {number} strikes
   */
  #strike(checkpoint, strikes) {
    this.#strikes.set(checkpoint, (this.#strikes.get(checkpoint) ?? 0) + strikes);
  }

  /**
   * Of several fresh runs that wait only the last is begun, and nothing is done first to what it replaces.
   * @param {Beginning} command
   * @param {Run} run
   */
  #fresh(command, run) {
    if (!run.pass) this.#work.gate.drop(MOOT, new Cancelled());
    const asked = this.#ask(command, run);
    asked.catch((error) => this.#notBegun(asked.id, error));
    return asked;
  }

  /**
   * @param {number} command
   * @param {unknown} error
   */
  #notBegun(command, error) {
    const { config, settings } = this.#state();
    // The first files were no use: others are awaited.
    if (error instanceof CoreError && !config && needsFiles(settings.dataset)) this.#awaitFiles(settings.dataset);
    if (error instanceof WorkerDied && !this.freshWaits) this.#dispatch({ type: 'run-lost', command });
  }

  /**
   * @param {Beginning} command
   * @param {Run} run
   */
  #ask(command, { kind, point = null, checkpoint = null, kept = null, files = [], bulk, pass, heard }) {
    const names = files.map(({ name }) => name);
    return this.#work.gate.ask(command, {
      bulk, files, pass,
      sending: (id) => this.#dispatch({ type: 'begin', pending: { command: id, kind, point, checkpoint, kept, files: names } }),
      hear: ({ event }) => {
        if (event.type !== 'configured') return;
        heard?.();
        this.#changed();
      },
    });
  }

  /**
   * @param {RunConfig} config
   * @param {File[]} files
   * @returns {Beginning}
   */
  #loading(config, files) {
    return { type: 'load-files', runId: this.#work.nextRunId(), config, names: files.map(({ name }) => name) };
  }

  /** @param {DatasetId | undefined} dataset */
  #filesOf(dataset) {
    return this.#files && this.#files.dataset === dataset ? this.#files.files : [];
  }

  /** @param {DatasetId} dataset */
  async #awaitFiles(dataset) {
    this.#dispatch({ type: 'await-files', dataset });
    const offer = await findOffer(dataset).catch(() => null);
    if (offer && this.#state().awaitingFiles === dataset) this.#dispatch({ type: 'offer', bytes: bytesOf(offer) });
  }
}
