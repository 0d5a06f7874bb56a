// Where a session is worked at: its worker, the life that it leads there, the gate to it, and the way to a faster one.

import { reasonForCpu } from '../worker/backend.js';
import { missingFeatures } from '../worker/support.js';
import { Cancelled, Ended, SessionDead, WorkerDied, WorkerReplaced } from './errors.js';
import { Gate, counter } from './gate.js';
import { Life, phaseOf } from './life.js';
import { Takeover } from './takeover.js';

/** @import {Message} from '../generated/protocol.d.ts' */
/** @import {BackendRequest} from '../model/types.d.ts' */
/** @import {Trouble} from '../state/types.d.ts' */
/** @import {Client} from '../worker/client.js' */
/** @import {FromWorker} from '../worker/types.d.ts' */
/** @import {WorkHost} from './workplace-parts.d.ts' */

/** More deaths than this within a minute, and the page stops starting workers by itself. */
const DEATHS_IN_A_MINUTE = 3;

export class Workplace {
  #host;
  #connectTo;
  life = new Life((life) => this.#lives(life));
  nextRunId = counter();
  #nextCommand = counter();
  gate = new Gate((id, command, { bulk, files }) => this.#client.send(id, command, { bulk, files }), this.#nextCommand);
  #client;
  #takeover;
  /** Counts the workers, so that who has waited knows whether it is still the same. */
  worker = 0;
  /** Whether the worker has told which backend it runs. */
  loaded = false;
  #held = false;
  #closed = false;
  /** @type {number[]} */
  #deaths = [];

  /**
   * @param {WorkHost} host
   * @param {(onMessage: (message: FromWorker) => void) => Client} connectTo
   */
  constructor(host, connectTo) {
    this.#host = host;
    this.#connectTo = connectTo;
    this.#client = this.#connect();
    this.#takeover = this.#createTakeover();
  }

  /** Starts the first worker, once. */
  start() {
    if (this.life.stage !== 'unstarted' || this.#closed) return;
    const missing = missingFeatures();
    if (missing.length > 0) this.#end({ kind: 'unsupported', values: { missing: missing.join(', ') } });
    else this.restart();
  }

  /**
   * A new worker. Where there is a network, the life goes on from the last checkpoint, unless it is to begin afresh.
   * @param {BackendRequest} [backend]
   * @param {{afresh?: boolean, died?: boolean}} [how] `died`: the worker before has.
   */
  restart(backend = this.#host.state().settings.backend, { afresh = false, died = false } = {}) {
    // What is about to begin afresh does so in the next worker, too.
    const anew = afresh || this.life.stage === 'starting' || !this.#host.state().config;
    if (this.#closed || !this.life.go(anew ? 'start' : 'recover')) return;
    this.worker += 1;
    this.#takeover.cancel();
    this.loaded = false;
    this.gate.lost(died ? new WorkerDied() : new WorkerReplaced());
    this.#host.moved();
    this.#client.hold(this.#held);
    this.#client.start(backend);
  }

  /**
   * What is asked waits for the next worker, while this one says how far it has come.
   * @returns {boolean} Whether there is one that can.
   */
  leave() {
    if (!this.life.go('leave')) return false;
    this.#takeover.cancel();
    this.#client.hold(this.#held);
    return true;
  }

  /**
   * Lets the session's own work wait, as it stands, or go on.
   * @param {boolean} held
   */
  hold(held) {
    this.#held = held;
    if (this.life.stage !== 'moving') this.#client.hold(held);
  }

  /** Ends the worker, and all that it was asked. */
  destroy() {
    this.#closed = true;
    this.#takeover.cancel();
    this.#client.terminate();
    this.gate.close(new Ended());
  }

  /** @param {Life} life */
  #lives({ stage, trouble }) {
    if (stage === 'ready') {
      this.#client.hold(this.#held);
      this.#host.dispatch({ type: 'phase', phase: phaseOf(stage) });
      return this.gate.open();
    }
    if (stage === 'dead' && trouble) {
      this.#host.dispatch({ type: 'trouble', trouble });
      return this.gate.close(new SessionDead(trouble.kind, trouble.values.message || trouble.kind));
    }
    this.gate.hold();
    if (stage === 'moving') this.#client.hold(true);
    else if (stage !== 'leaving') this.#host.dispatch({ type: 'phase', phase: phaseOf(stage) });
    return undefined;
  }

  #connect() {
    /** @type {Client} */
    const client = this.#connectTo((message) => {
      if (this.#closed) return;
      if (client === this.#client) this.#hear(message);
      else if (this.#takeover.owns(client)) this.#takeover.hear(message);
    });
    return client;
  }

  #createTakeover() {
    return new Takeover({
      state: () => this.#host.state(),
      files: () => this.#host.files(),
      isCalm: () => this.#host.isCalm(),
      nextRunId: this.nextRunId,
      nextCommand: this.#nextCommand,
      connect: () => this.#connect(),
      freeze: (frozen) => { this.life.go(frozen ? 'move' : 'settle'); },
      ask: (command) => this.gate.ask(command, { pass: true }).id,
      adopt: (client, runId, backend, messages) => {
        this.#client.terminate();
        this.#client = client;
        this.gate.lost(new Cancelled('the session has moved to another worker'));
        this.#host.moved();
        const revision = Math.max(0, ...messages.map((message) => message.revision));
        this.#host.dispatch({ type: 'moved', runId, backend, revision });
        this.life.go('settle');
        this.#take(messages);
      },
      tell: (reason, more) => this.#host.dispatch({ type: 'backend-reason', reason, ...more }),
    });
  }

  /** @param {FromWorker} message */
  #hear(message) {
    switch (message.kind) {
      case 'progress': return this.#host.dispatch({ type: 'progress', what: 'bundle', loaded: message.loaded, total: message.total });
      case 'backend': return this.#onBackend(message);
      case 'gpu':
        this.#host.dispatch({ type: 'backend-reason', reason: reasonForCpu(message.facts) });
        return this.#takeover.found(message.facts);
      case 'died': return this.#onDeath(message);
      case 'messages':
        this.#host.dispatch({ type: 'memory', bytes: message.memory });
        return this.#take(message.messages);
      default: return undefined;
    }
  }

  /** @param {Message[]} messages */
  #take(messages) {
    for (const message of messages) {
      this.#host.hear(message);
      this.gate.hear(message);
    }
    this.#host.heard();
    this.#takeover.followed(messages);
  }

  /** @param {Extract<FromWorker, {kind: 'backend'}>} message */
  #onBackend({ kind: _, ...backend }) {
    this.loaded = true;
    this.#host.dispatch({ type: 'backend', backend });
    if (backend.requested === 'webgpu' && backend.backend === 'cpu') {
      this.#host.notify('webgpu-refused', { reason: backend.reason, detail: backend.detail ?? '' });
    }
    if (backend.reason === 'asked-software') this.#host.notify('webgpu-software');
    this.#host.loaded(this.life.stage === 'restarting');
  }

  /** @param {Extract<FromWorker, {kind: 'died'}>} death */
  #onDeath({ message, cause }) {
    // What failed at once fails at once again: a person decides.
    if (cause === 'out-of-memory') return this.#end({ kind: 'out-of-memory', values: { message } });
    if (cause === 'load-failed' || (cause === 'gone' && !this.loaded)) return this.#end({ kind: 'load-failed', values: { message } });
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((then) => now - then < 60_000), now];
    if (this.#deaths.length > DEATHS_IN_A_MINUTE) return this.#end({ kind: 'worker-dead', values: { message } });
    const { backend, settings } = this.#host.state();
    this.#host.notify(cause === 'device-lost' ? 'device-lost' : 'worker-died');
    if (backend?.backend === 'webgpu') this.#takeover.giveUp();
    // A GPU that was lost twice is likely to be lost again.
    this.restart(backend?.backend === 'webgpu' && this.#deaths.length > 1 ? 'cpu' : settings.backend, { died: true });
    return undefined;
  }

  /** @param {Trouble} trouble */
  #end(trouble) {
    this.#takeover.cancel();
    this.#client.terminate();
    this.#host.moved();
    this.life.go('end', trouble);
  }
}
