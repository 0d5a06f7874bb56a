// The WebGPU bundle beside the CPU's session: loaded once that trains, measured on its network, put in its place where it is
// faster. No step is lost or done twice: the CPU's worker stops between two steps and is let go only when the other stands at
// the same step. Whatever fails on the way leaves the session where it is.

import { methodOf } from '../model/method.js';
import { isMovable, maySucceed, nameOfWork, shouldTakeOver, speedOf } from './takeover-rules.js';

/** @import {Bulk, Command, Message} from '../generated/protocol.d.ts' */
/** @import {State} from '../state/types.d.ts' */
/** @import {Client} from '../worker/client.js' */
/** @import {FromWorker, GpuFacts, RunningBackend} from '../worker/types.d.ts' */
/** @import {Host, Trial} from './takeover-parts.d.ts' */

/** Slices of training that tell how fast WebGPU is, and the milliseconds in which the first of them must come to an end. */
const SLICES = 10;
const FEWEST_SLICES = 3;
const PATIENCE_MS = 4000;
/** Milliseconds in which a session has to be moved: until then, what a person asks of it waits. */
const MOVE_MS = 10_000;

export class Takeover {
  /** @type {Host} */
  #host;
  /** @type {GpuFacts | null} */
  #facts = null;
  /** A GPU that has failed is not tried again. */
  #over = false;
  /** @type {Set<string>} Work on which the CPU was faster. */
  #tried = new Set();
  /** @type {number[]} Milliseconds of a training step on the CPU, lately. */
  #cpu = [];
  /** What `#cpu` was measured on. */
  #work = '';
  /** @type {Trial | null} */
  #trial = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #deadline;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /** @param {GpuFacts} facts */
  found(facts) {
    this.#facts = facts;
    this.update();
  }

  /** The session's worker is no more, or another backend was chosen: what was under way is void. */
  cancel() {
    this.#facts = null;
    this.#cpu = [];
    clearTimeout(this.#deadline);
    this.#trial?.client.terminate();
    this.#trial = null;
  }

  /** A GPU that the session ran on was lost. */
  giveUp() {
    this.#over = true;
  }

  /** @param {Client} client */
  owns(client) {
    return client === this.#trial?.client;
  }

  /**
   * To be called with what the session's own worker has told, after the page has taken it up.
   * @param {Message[]} messages
   */
  followed(messages) {
    const state = this.#host.state();
    const trial = this.#trial;
    if (trial?.stage === 'saving') return this.#saved(trial, messages);
    const work = state.config ? nameOfWork(state.config) : '';
    if (work !== this.#work) this.#cpu = [];
    this.#work = work;
    // While WebGPU starts, both share the machine.
    if (!trial && state.config && state.activity === 'training') this.#cpu = [...this.#cpu, ...speedOf.samples(messages, state.config)].slice(-SLICES);
    return this.update();
  }

  /** Does what is due. */
  update() {
    const state = this.#host.state();
    const trial = this.#trial;
    if (!trial) this.#begin(state);
    else if (trial.stage !== 'moving' && trial.work !== this.#work) this.#end();
    else if (trial.stage === 'waiting' && this.#host.isCalm() && isMovable(state)) {
      if (trial.prepared === JSON.stringify(this.#config())) this.#save(trial);
      else this.#prepare(trial);
    }
  }

  /** @param {State} state */
  #begin(state) {
    // Who spreads the training over workers has chosen what it is to run on.
    const may = state.settings.workers === 1 && !this.#over && this.#facts && maySucceed(this.#facts);
    if (!may || state.backend?.backend !== 'cpu' || !this.#host.isCalm() || !isMovable(state) || this.#tried.has(this.#work) || speedOf.median(this.#cpu, FEWEST_SLICES) === null) return;
    const client = this.#host.connect();
    this.#trial = { client, stage: 'loading', work: this.#work, gpu: [], since: 0, backend: null, runId: 0, asked: 0, prepared: '', resumes: false, told: [] };
    client.start('webgpu', { alone: true });
  }

  /**
   * What the worker with WebGPU tells, until the session is its own.
   * @param {FromWorker} message
   */
  hear(message) {
    const trial = this.#trial;
    if (!trial) return;
    if (message.kind === 'died') {
      this.#fail(message.message);
    } else if (message.kind === 'backend' && trial.stage === 'loading') {
      const { kind: _, ...backend } = message;
      this.#measure(trial, backend);
    } else if (message.kind === 'messages') {
      const error = message.messages.map(({ event }) => event).find((event) => event.type === 'error' && event.code !== 'cancelled');
      if (error?.type === 'error') this.#fail(error.message);
      else if (trial.stage === 'measuring') this.#measured(trial, message.messages);
      else if (trial.stage === 'preparing') this.#prepared(trial, message.messages);
      else if (trial.stage === 'moving') this.#moved(trial, message.messages);
    }
  }

  /**
   * @param {Trial} trial
   * @param {RunningBackend} backend
   */
  #measure(trial, backend) {
    trial.stage = 'measuring';
    trial.backend = backend;
    this.#configure(trial);
    this.#ask(trial, { type: 'run' });
  }

  /** The session's settings; null while there is none. */
  #config() {
    const { config, settings } = this.#host.state();
    return config && { ...config, method: methodOf(settings) };
  }

  /**
   * Begins a run like the session's.
   * @param {Trial} trial
   */
  #configure(trial) {
    const config = this.#config();
    if (!config) return;
    const files = this.#host.files();
    trial.runId = this.#host.nextRunId();
    trial.prepared = JSON.stringify(config);
    const { runId } = trial;
    if (files.length > 0) trial.asked = this.#ask(trial, { type: 'load-files', runId, config, names: files.map(({ name }) => name) }, { files });
    else trial.asked = this.#ask(trial, { type: 'configure', runId, config });
  }

  /**
   * Leaves nothing to do while the session is frozen but to restore its state.
   * @param {Trial} trial
   */
  #prepare(trial) {
    trial.stage = 'preparing';
    this.#configure(trial);
  }

  /**
   * @param {Trial} trial
   * @param {Message[]} messages
   */
  #prepared(trial, messages) {
    if (!messages.some(({ command, event }) => command === trial.asked && event.type === 'done')) return;
    trial.stage = 'waiting';
    this.update();
  }

  /**
   * @param {Trial} trial
   * @param {Message[]} messages
   */
  #measured(trial, messages) {
    const { config } = this.#host.state();
    if (!config) return;
    trial.gpu.push(...speedOf.samples(messages, config));
    trial.since ||= trial.gpu.length > 0 ? performance.now() : 0;
    const late = trial.since > 0 && performance.now() - trial.since > PATIENCE_MS;
    if (trial.gpu.length < (late ? FEWEST_SLICES : SLICES)) return;
    trial.client.hold(true);
    // In the first slices kernels are tuned and compiled.
    const gpuMs = speedOf.median(trial.gpu.slice(-(SLICES / 2)), 1);
    const cpuMs = speedOf.median(this.#cpu, 1);
    if (gpuMs === null || cpuMs === null) return;
    trial.speeds = { cpuMs, gpuMs };
    if (shouldTakeOver(trial.speeds)) {
      this.#prepare(trial);
    } else {
      this.#tried.add(trial.work);
      this.#end();
      this.#host.tell('slower', { speeds: { cpuMs, gpuMs } });
    }
  }

  /** @param {Trial} trial */
  #save(trial) {
    trial.stage = 'saving';
    this.#host.freeze(true);
    trial.asked = this.#host.ask({ type: 'save' });
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#fail('the session could not be moved'), MOVE_MS);
  }

  /**
   * @param {Trial} trial
   * @param {Message[]} messages
   */
  #saved(trial, messages) {
    const mine = messages.filter(({ command }) => command === trial.asked);
    if (mine.some(({ event }) => event.type === 'error')) return this.#fail('the session could not be saved');
    const answer = mine.find(({ event }) => event.type === 'saved');
    if (!answer) return undefined;
    const state = this.#host.state();
    // What was asked before the session froze has come first.
    if (!isMovable(state) || trial.prepared !== JSON.stringify(this.#config())) {
      trial.stage = 'waiting';
      clearTimeout(this.#deadline);
      this.#host.freeze(false);
      return undefined;
    }
    trial.stage = 'moving';
    trial.resumes = state.activity === 'training';
    trial.client.hold(false);
    trial.runId = this.#host.nextRunId();
    trial.asked = this.#ask(trial, { type: 'restore', runId: trial.runId }, { bulk: { checkpoint: answer.bulk.checkpoint } });
    if (trial.resumes) this.#ask(trial, { type: 'run' });
    return undefined;
  }

  /**
   * @param {Trial} trial
   * @param {Message[]} messages
   */
  #moved(trial, messages) {
    trial.told.push(...messages.filter(({ runId }) => runId === trial.runId));
    const has = (/** @type {(event: Message['event']) => boolean} */ found) => trial.told.some(({ event }) => found(event));
    const goesOn = has((event) => event.type === 'state' && event.activity === 'training');
    trial.restored ||= messages.some(({ command, event }) => command === trial.asked && event.type === 'done');
    if (!trial.restored || (trial.resumes && !goesOn) || !trial.backend) return;
    this.#trial = null;
    clearTimeout(this.#deadline);
    const backend = { ...trial.backend, requested: /** @type {const} */ ('auto'), reason: /** @type {const} */ ('faster'), speeds: trial.speeds };
    // The page knows what it is doing and how it does; that it stood still in between is nothing to tell.
    const news = trial.told.filter(({ event }) => ['scored', 'examples', 'trained'].includes(event.type));
    this.#host.adopt(trial.client, trial.runId, backend, news);
  }

  /**
   * @param {Trial} trial
   * @param {Command} command
   * @param {{bulk?: Partial<Bulk>, files?: File[]}} [with_]
   * @returns {number} What its answers name.
   */
  #ask(trial, command, with_) {
    const id = this.#host.nextCommand();
    trial.client.send(id, command, with_);
    return id;
  }

  /** @param {string} detail */
  #fail(detail) {
    this.#over = true;
    this.#end();
    this.#host.tell('not-taken', { detail });
  }

  #end() {
    const trial = this.#trial;
    if (!trial) return;
    this.#trial = null;
    clearTimeout(this.#deadline);
    trial.client.terminate();
    if (trial.stage === 'saving' || trial.stage === 'moving') this.#host.freeze(false);
  }
}
