// A machine with workers that keep the protocol and compute nothing. Each does one thing at a time, when it is told to, and dies
// when it is told to, so that a test decides what comes between what.

import { FakeTrainer } from './fake-trainer.js';

export { readCheckpoint } from './fake-trainer.js';

export const HARDWARE = { api: true, adapter: true, software: false, timestampQuery: true };

/** The machine that workers run on. */
export class Machine {
  /** @type {FakeClient[]} Those with a worker, in the order in which they were started. */
  workers = [];
  /** Milliseconds of a step, by backend. */
  speed = { cpu: 10, webgpu: 2 };
  /** What is found of the GPU where nobody has asked for it. */
  facts = { ...HARDWARE, adapter: false };
  /** Whether a fine-tuning is done when it has begun, or when it has ended. */
  doneAtOnce = true;
  /** Slices that a scoring takes. */
  scoring = 2;
  /** Steps of checkpoints that are damaged. */
  damaged = new Set();
  /** Every command that was carried out. */
  log = [];

  connect = (onMessage) => new FakeClient(this, onMessage);

  /** The worker of the session itself: another is beside it only while it looks at a GPU. */
  get main() {
    return this.workers[0];
  }

  /** Lets the workers do so many things, in turns. @param {number} units */
  work(units = 1) {
    for (let i = 0; i < units; i += 1) this.workers[i % this.workers.length]?.work();
  }

  /** Until nothing is left to be answered. What trains on trains on. */
  async drain(limit = 400) {
    await tick();
    for (let i = 0; i < limit; i += 1) {
      const busy = this.workers.filter((worker) => worker.owes);
      if (busy.length === 0) return;
      busy[i % busy.length].work();
      await tick();
    }
    throw new Error('the workers do not come to an end');
  }
}

export const tick = () => new Promise((resolve) => { setImmediate(resolve); });

class FakeClient {
  #machine;
  #onMessage;
  #inner = null;
  held = false;

  constructor(machine, onMessage) {
    this.#machine = machine;
    this.#onMessage = onMessage;
  }

  start(backend, { alone = false } = {}) {
    this.terminate();
    this.#inner = new FakeTrainer(this.#machine, backend, alone, (message) => this.#onMessage(message));
    this.#machine.workers.push(this);
  }

  send(id, command, { bulk = {}, files = [] } = {}) {
    this.#inner?.queue.push({ id, command, bulk, files });
  }

  hold(held) {
    this.held = held;
  }

  terminate() {
    this.#inner = null;
    this.#machine.workers = this.#machine.workers.filter((other) => other !== this);
  }

  get state() { return this.#inner?.state; }

  get loaded() { return this.#inner?.loaded === true; }

  /** Whether somebody waits for it. */
  get owes() {
    const inner = this.#inner;
    if (!inner) return false;
    return !inner.loaded || inner.queue.length > 0 || (!this.held && (inner.jobs.length > 0 || inner.left !== null));
  }

  work() {
    this.#inner?.work(this.held);
  }

  die(cause = 'failed', message = 'trap') {
    if (!this.#inner) return;
    this.terminate();
    this.#onMessage({ kind: 'died', message, cause });
  }
}
