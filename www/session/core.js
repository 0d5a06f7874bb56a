// What a session does by itself: it starts, recovers, moves to another backend, and lets through what a person asks.

import { planOf } from '../model/parallel.js';
import { defaults } from '../model/settings.js';
import { createCutSelector } from '../state/derive.js';
import { Store, initialState } from '../state/store.js';
import { CoreError, NotReady } from './errors.js';
import { Helpers } from './helpers.js';
import { Runs } from './runs.js';
import { Supply } from './supply.js';
import { Workplace } from './workplace.js';

/** @import {Command} from '../generated/protocol.d.ts' */
/** @import {Settings} from '../model/types.d.ts' */
/** @import {PageEvent} from '../state/types.d.ts' */
/** @import {Client} from '../worker/client.js' */
/** @import {FromWorker} from '../worker/types.d.ts' */
/** @import {Asked, How} from './gate.js' */

/** Milliseconds in which a worker that is left may say how far it has come; then it is left at its last checkpoint. */
const LEAVE_MS = 10_000;

export class Core {
  cutOf = createCutSelector();
  store;
  work;
  runs;
  supply;
  helpers;
  /** How the worker was last told to spread its training. */
  #planTold = '';
  /** @type {(settings: Settings) => void} */
  #onSettings;

  /**
   * @param {Settings} settings
   * @param {(settings: Settings) => void} onSettings
   * @param {(onMessage: (message: FromWorker) => void) => Client} connect
   */
  constructor(settings, onSettings, connect) {
    this.#onSettings = onSettings;
    this.store = new Store(initialState(settings));
    const host = {
      state: () => this.state,
      dispatch: (/** @type {PageEvent} */ event) => this.dispatch(event),
      notify: (/** @type {string} */ key, /** @type {Record<string, string>} */ values = {}) => this.notify(key, values),
      inform: (/** @type {string} */ key, /** @type {Record<string, number>} */ numbers) => this.inform(key, numbers),
      invalidate: () => this.store.invalidate(),
    };
    this.work = new Workplace({
      ...host,
      files: () => this.runs.files,
      isCalm: () => !this.helpers.comparison.busy,
      moved: () => this.#onMoved(),
      loaded: (recovers) => this.#onLoaded(recovers),
      hear: (message) => this.helpers.hear(message),
      heard: () => this.helpers.heard(),
    }, connect);
    this.runs = new Runs(this.work, { ...host, changed: () => this.helpers.reset() });
    this.supply = new Supply(this.runs, host);
    this.helpers = new Helpers({ ...host, cut: () => this.cutOf(this.state), ask: (command, how) => this.work.gate.ask(command, how) });
  }

  get state() {
    return this.store.state;
  }

  destroy() {
    this.work.destroy();
    this.helpers.comparison.cancel();
    this.supply.cancel();
    this.store.subscribe(null);
  }

  /**
   * Something that a person does to the network in hand. Where that is on its way to another worker, it waits.
   * @param {Command} command
   * @param {How} [how]
   * @returns {Asked}
   */
  ask(command, how) {
    return this.state.config || this.state.phase === 'dead' ? this.work.gate.ask(command, how) : this.refuse();
  }

  /**
   * Says that something can't be done now.
   * @param {string} key
   * @param {Record<string, string>} [values]
   * @returns {Asked}
   */
  refuse(key = 'not-yet', values = {}) {
    this.notify(key, values);
    /** @type {Promise<never>} */
    const refused = Promise.reject(new NotReady());
    refused.catch(() => {});
    return Object.assign(refused, { id: 0 });
  }

  /** Stops training or fine-tuning before something else is asked for, so that its outcome is a state to go back to. */
  rest() {
    const { activity, currentPoint, config } = this.state;
    if (config && (activity !== 'idle' || currentPoint === null)) this.ask({ type: 'pause' });
  }

  /** A run under settings that were changed. */
  beginOther() {
    const { phase } = this.state;
    // The last worker has ended, and its checkpoint is of other settings.
    if (phase === 'dead') this.work.restart(undefined, { afresh: true });
    else if (phase !== 'loading' || this.work.loaded || this.runs.freshWaits) this.runs.begin();
  }

  /**
   * Training is stopped first, so that the new worker goes on from its last step.
   * @param {boolean} another Whether the run is another, too.
   */
  async changeBackend(another) {
    const { life, gate } = this.work;
    const { stage } = life;
    if (stage === 'unstarted') return;
    if (another && stage !== 'dead') this.beginOther();
    // It will be left for what the settings say by then.
    if (stage === 'leaving') return;
    const saved = this.state.activity === 'idle' && this.state.currentPoint !== null;
    if (this.state.config && !saved && !another && this.work.leave()) {
      const patience = after(LEAVE_MS);
      await Promise.race([gate.ask({ type: 'pause' }, { pass: true }).catch(() => {}), patience.over]);
      patience.end();
      // It has died meanwhile.
      if (life.stage !== 'leaving') return;
    }
    this.work.restart(undefined, { afresh: another && stage === 'dead' });
  }

  /** @param {PageEvent} event */
  dispatch(event) {
    const before = this.state.settings;
    this.store.dispatch(event);
    if (this.state.settings !== before) this.#onSettings(this.state.settings);
  }

  /**
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  notify(key, values) {
    this.dispatch({ type: 'notice', tone: 'warning', key, values });
  }

  /**
   * @param {string} key
   * @param {Record<string, number>} numbers Unrounded; the views write them as their language does.
   */
  inform(key, numbers) {
    const values = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, String(number)]));
    this.dispatch({ type: 'notice', tone: 'info', key, values });
  }

  /** What was asked of the worker before counts no more. */
  #onMoved() {
    this.helpers.moved(this.work.life.stage !== 'moving');
  }

  /** @param {boolean} recovers */
  async #onLoaded(recovers) {
    this.#planTold = JSON.stringify(planOf(defaults()));
    this.agreeOnPlan();
    const { life, worker } = this.work;
    if (recovers) {
      if (await this.#recover()) life.go('begin');
      return;
    }
    const begun = this.runs.freshWaits ? null : this.runs.begin({ pass: true });
    if (this.state.config && !this.runs.freshWaits) {
      // Where the settings can't be had, what was there before can.
      const has = begun !== null && await begun.then(() => true, (error) => (error instanceof CoreError ? false : null));
      if (has === null || worker !== this.work.worker || (!has && !await this.#recover())) return;
    }
    life.go('begin');
  }

  /** @returns {Promise<boolean>} Whether the worker has lived through it. */
  async #recover() {
    try {
      const { worker } = this.work;
      const how = await this.runs.recover();
      if (worker !== this.work.worker) return false;
      const step = { step: this.state.training.step };
      if (how === 'restored') this.inform('worker-restored', step);
      else if (how === 'earlier') this.inform('restored-earlier', step);
      else if (how === 'afresh') this.notify('begun-afresh');
      return true;
    } catch {
      return false;
    }
  }

  /** Has training spread as the settings have it. */
  agreeOnPlan() {
    const { backend, settings } = this.state;
    const plan = planOf(settings);
    const told = JSON.stringify(plan);
    if (backend?.device.backend !== 'cpu' || told === this.#planTold) return;
    this.#planTold = told;
    this.dispatch({ type: 'spread' });
    this.work.gate.ask({ type: 'parallel', plan }, { pass: true });
  }
}

/** @param {number} milliseconds */
function after(milliseconds) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const over = new Promise((resolve) => { timer = setTimeout(resolve, milliseconds); });
  return { over, end: () => clearTimeout(timer) };
}
