// Carries out the plan of a race or of a scan in a conversation with a worker.

import { planRace } from '../model/race.js';
import { layerUnits } from '../model/ranking.js';
import { alone, planScan } from '../model/scan.js';
import { CoreError } from './errors.js';

/** @import {Message, Method, Metrics, RunConfig, Selection} from '../generated/protocol.d.ts' */
/** @import {Checkpoint} from '../model/checkpoint.js' */
/** @import {RaceEvent, RaceOptions, Task} from '../model/race.js' */
/** @import {ScanEvent, ScanSubject} from '../model/scan.js' */
/** @import {Conversation} from './conversation.js' */

/** Test images to compare by at least: chance moves an accuracy over them by about 2 percentage points (one standard error). */
const ENOUGH = 512;

/**
 * @param {Conversation} talk Started.
 * @param {RaceOptions} options
 * @param {File[]} files Of the data set, where it comes from files.
 * @param {(event: RaceEvent) => void} tell
 * @returns {Promise<void>} Rejects where the conversation ends or a dense network can't be trained.
 */
export async function runRace(talk, options, files, tell) {
  const tasks = planRace(options);
  const runner = new RaceRunner(talk, options, files, tell);
  for (let at = 0; at < tasks.length; at += 1) {
    const task = tasks[at];
    if (task.do === 'train') {
      await runner.train(task.seed);
      continue;
    }
    try {
      await runner.measure(task);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      const same = ofMethod(tasks, at);
      tell({ type: 'skipped', criterion: task.method.criterion, seed: task.seed, message: error.message, tasks: same });
      at += same - 1;
    }
  }
}

/**
 * How many tasks from here on belong to the same method and seed.
 * @param {Task[]} tasks
 * @param {number} from
 */
function ofMethod(tasks, from) {
  const end = tasks.findIndex((task, i) => i > from && (task.do === 'train' || task.do === 'rank'));
  return (end < 0 ? tasks.length : end) - from;
}

class RaceRunner {
  /** @type {Checkpoint} The dense network of the seed in hand. */
  #checkpoint = new Uint8Array();
  #enough = ENOUGH;
  #talk;
  #options;
  /** @type {File[]} */
  #files;
  #tell;

  /**
   * @param {Conversation} talk
   * @param {RaceOptions} options
   * @param {File[]} files
   * @param {(event: RaceEvent) => void} tell
   */
  constructor(talk, options, files, tell) {
    this.#talk = talk;
    this.#options = options;
    this.#files = files;
    this.#tell = tell;
  }

  /**
   * Trains a dense network, which all methods then cut.
   * @param {number} seed
   */
  async train(seed) {
    const start = performance.now();
    const { config, steps } = this.#options;
    // The worker keeps what it has read for the seeds that follow.
    const fresh = await begin(this.#talk, { ...config, seed }, this.#files, (test) => { this.#enough = Math.min(ENOUGH, test); });
    this.#files = [];
    const message = steps === 0 ? fresh : await this.#fineTune(steps);
    const { event, bulk } = message;
    if (event.type !== 'point' || !bulk.checkpoint) return;
    this.#checkpoint = bulk.checkpoint;
    this.#tell({ type: 'trained', seed, test: (await this.#measured(event)).test, ms: performance.now() - start });
  }

  /** @param {Exclude<Task, {do: 'train'}>} task */
  async measure(task) {
    const start = performance.now();
    const ms = () => performance.now() - start;
    if (task.do === 'rank') {
      await restore(this.#talk, this.#checkpoint);
      await rankBy(this.#talk, task.method);
      this.#tell({ type: 'ranked', ms: ms() });
      return;
    }
    const { event } = await (task.do === 'preview' ? this.#preview(task.requested) : this.#cutAndTune(task.requested));
    if (event.type !== 'previewed' && event.type !== 'point') return;
    const { test } = await this.#measured(event);
    const { method, seed, requested } = task;
    const tuned = task.do === 'tune' ? this.#options.tuneSteps : 0;
    this.#tell({ type: 'measured', row: { method, seed, requested, sparsity: event.sparsity, test, tuned }, ms: ms() });
  }

  /**
   * A state or a preview, over enough images: the first measurement of a wide network is over a few.
   * @param {{test: Metrics}} event
   */
  async #measured(event) {
    if (event.test.samples >= this.#enough) return event;
    const { event: more } = await this.#preview(0);
    return more.type === 'previewed' ? more : event;
  }

  /** @param {number} share Of all; what is cut already stays cut. */
  #preview(share) {
    return preview(this.#talk, { by: 'fraction', value: share }, this.#enough);
  }

  /** @param {number} share */
  async #cutAndTune(share) {
    // The method stays the session's through a restore.
    await restore(this.#talk, this.#checkpoint);
    await this.#talk.ask({ type: 'prune', selection: { by: 'fraction', value: share } }, { until: isSaved });
    return this.#fineTune(this.#options.tuneSteps);
  }

  /** @param {number} steps */
  #fineTune(steps) {
    return this.#talk.ask({ type: 'fine-tune', steps }, {
      until: isSaved,
      hear: ({ event }) => {
        if (event.type === 'trained' && event.remaining !== undefined) this.#tell({ type: 'step', remaining: event.remaining });
      },
    });
  }
}

/**
 * Measures each layer alone.
 * @param {Conversation} talk Started.
 * @param {ScanSubject} subject
 * @param {File[]} files
 * @param {(event: ScanEvent) => void} tell
 * @returns {Promise<void>} Rejects where the core refuses or the conversation ends.
 */
export async function runScan(talk, { config, method, layers, checkpoint }, files, tell) {
  let enough = ENOUGH;
  await begin(talk, config, files, (test) => { enough = Math.min(ENOUGH, test); });
  await restore(talk, checkpoint);
  const { bulk, event: scored } = await rankBy(talk, method);
  const told = scored.type === 'scored' ? scored.tables?.layers : undefined;
  const units = told ?? layerUnits({ ranks: bulk.ranks ?? new Uint32Array(), method }, layers).map(({ length }) => ({ units: length }));
  const cuttable = units.map((own) => own.units > 0);
  tell({ type: 'cuttable', layers: cuttable });
  for (const cell of planScan(cuttable)) {
    const { event } = await preview(talk, alone(cell, layers.length), enough);
    if (event.type === 'previewed') tell({ type: 'measured', cell, test: event.test });
  }
}

/** @param {Message} message A state with its checkpoint, not its later measurement over more images. */
function isSaved({ event, bulk }) {
  return event.type === 'point' && bulk.checkpoint !== undefined;
}

/**
 * @param {Conversation} talk
 * @param {RunConfig} config
 * @param {File[]} files
 * @param {(test: number) => void} told Is told how many test images there are.
 */
function begin(talk, config, files, told) {
  const runId = talk.nextRunId();
  const hear = (/** @type {Message} */ { event }) => { if (event.type === 'configured') told(event.dataset.test); };
  if (files.length === 0) return talk.ask({ type: 'configure', runId, config }, { until: isSaved, hear });
  const names = files.map(({ name }) => name);
  return talk.ask({ type: 'load-files', runId, config, names }, { until: isSaved, hear, files });
}

/**
 * @param {Conversation} talk
 * @param {Checkpoint} checkpoint
 */
function restore(talk, checkpoint) {
  const runId = talk.nextRunId();
  return talk.ask({ type: 'restore', runId }, { bulk: { checkpoint }, until: ({ event }) => event.type === 'examples' });
}

/**
 * @param {Conversation} talk
 * @param {Method} method
 */
function rankBy(talk, method) {
  return talk.ask({ type: 'set-method', method }, {
    until: ({ event }) => event.type === 'scored',
  });
}

/**
 * @param {Conversation} talk
 * @param {Selection} selection
 * @param {number} enough Test images that it has to be over.
 */
function preview(talk, selection, enough) {
  return talk.ask({ type: 'preview', selection, images: enough }, {
    until: ({ event }) => event.type === 'previewed' && event.test.samples >= enough,
  });
}
