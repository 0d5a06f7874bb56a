// A typed handle on one worker at a time: start, send, terminate, and learning that it died.

import { place } from '../place.js';
import { cpuModule } from './compiled.js';
import { startWorker } from './worker-start.js';

/** @import {Bulk, Command} from '../generated/protocol.d.ts' */
/** @import {BackendRequest} from '../model/types.d.ts' */
/** @import {CauseOfDeath, FromWorker, ToWorker} from './types.d.ts' */

/**
 * Milliseconds in which a worker comes back from starting another, which takes a few: one that does not is blocked for good, as
 * happens in Firefox, and then no event tells of it.
 */
const TO_START_ANOTHER = 20_000;

/** What waits for a lock is refused when the page is left. */
const UNLOADED = () => {};

let lockCount = 0;

export class Client {
  /** @type {Worker | null} */
  #worker = null;
  #held = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #startsAnother;
  /** @type {(message: FromWorker) => void} */
  #onMessage;

  /** @param {(message: FromWorker) => void} onMessage Hears of each death once, as `died`. */
  constructor(onMessage) {
    this.#onMessage = onMessage;
  }

  /**
   * Starts a worker in place of the one before.
   * @param {BackendRequest} backend
   * @param {{alone?: boolean, module?: Promise<WebAssembly.Module | null>}} [how] `alone`: with this backend or not at all.
   * `module`: the CPU bundle, where it has been compiled.
   */
  start(backend, { alone = false, module } = {}) {
    this.terminate();
    const worker = startWorker(place('worker.js'));
    lockCount += 1;
    const lock = `pruning-playground/${performance.timeOrigin}/${Math.random()}/${lockCount}`;
    worker.onmessage = ({ data }) => this.#hear(worker, lock, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#died(worker, event.message ?? '', 'gone');
    };
    this.#worker = worker;
    this.#post({ kind: 'start', backend, alone, lock });
    if (backend !== 'webgpu') this.#compile(worker, module);
    else this.#post({ kind: 'module', module: null });
    if (this.#held) this.#post({ kind: 'hold', held: true });
  }

  /**
   * Has the CPU bundle compiled while the worker starts: nearly every worker comes to need it.
   * @param {Worker} worker
   * @param {Promise<WebAssembly.Module | null>} [compiled]
   */
  async #compile(worker, compiled) {
    const progress = (/** @type {number} */ loaded, /** @type {number} */ total) => {
      if (worker === this.#worker) this.#onMessage({ kind: 'progress', loaded, total });
    };
    const module = await (compiled ?? cpuModule(progress)).catch(() => null);
    worker.postMessage({ kind: 'module', module });
  }

  /**
   * Lets the session's own work wait, or go on; commands are answered either way.
   * @param {boolean} held
   */
  hold(held) {
    if (held !== this.#held) this.#post({ kind: 'hold', held });
    this.#held = held;
  }

  /**
   * @param {number} id By which what comes of it is known.
   * @param {Command} command
   * @param {{bulk?: Partial<Bulk>, files?: File[]}} [with_] Bulk arrays are copied, not transferred: the page keeps its own.
   */
  send(id, command, { bulk = {}, files = [] } = {}) {
    this.#post({ kind: 'command', id, command, bulk, files });
  }

  /** @param {Uint8Array<ArrayBuffer>} order To one of the workers of a session, transferred. */
  order(order) {
    this.#worker?.postMessage({ kind: 'order', order }, [order.buffer]);
  }

  /** Ends the worker at once, whatever it is doing. */
  terminate() {
    clearTimeout(this.#startsAnother);
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** @param {ToWorker} message */
  #post(message) {
    this.#worker?.postMessage(message);
  }

  /**
   * @param {Worker} worker
   * @param {string} lock
   * @param {FromWorker} message
   */
  #hear(worker, lock, message) {
    if (worker !== this.#worker) return;
    if (message.kind === 'locked') {
      // Granted only when the worker has gone; a terminated one is no longer ours by then.
      navigator.locks.request(lock, () => this.#died(worker, '', 'gone')).catch(UNLOADED);
    } else if (message.kind === 'starting') {
      clearTimeout(this.#startsAnother);
      if (message.starts) this.#startsAnother = setTimeout(() => this.#died(worker, '', 'gone'), TO_START_ANOTHER);
    } else if (message.kind === 'died') {
      this.#died(worker, message.message, message.cause);
    } else {
      this.#onMessage(message);
    }
  }

  /**
   * @param {Worker} worker
   * @param {string} message
   * @param {CauseOfDeath} cause
   */
  #died(worker, message, cause) {
    if (worker !== this.#worker) return;
    this.terminate();
    this.#onMessage({ kind: 'died', message, cause });
  }
}
