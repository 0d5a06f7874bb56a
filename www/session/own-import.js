// Reads a folder or zip of pictures in a worker of its own: one at a time, with its progress, until it is cancelled.

import { place } from '../place.js';
import { startWorker } from '../worker/worker-start.js';

/** @import {FromOwnWorker, OwnFile, OwnSource, ToOwnWorker} from '../data/own.d.ts' */

/** @typedef {Exclude<FromOwnWorker, {kind: 'progress'}>} Read */

/** Files sent in one message: copying a long list of them would hold up the page. */
const AT_ONCE = 100;

export class OwnImport {
  /** @type {{done: number, total: number} | null} null while nothing is read. */
  progress = null;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {((read: Read | null) => void) | null} */
  #settle = null;
  #invalidate;

  /** @param {() => void} invalidate Asks for a render in the next frame. */
  constructor(invalidate) {
    this.#invalidate = invalidate;
  }

  /**
   * @param {OwnSource} source
   * @returns {Promise<Read | null>} null where it was cancelled, or another was begun.
   */
  read(source) {
    this.cancel();
    this.#show({ done: 0, total: 0 });
    const worker = startWorker(place('own-worker.js'));
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end({ kind: 'problem', key: 'own-failed', values: { message: event.message || 'error' } });
    };
    /** @type {Promise<Read | null>} */
    const outcome = new Promise((resolve) => { this.#settle = resolve; });
    this.#send(worker, source);
    return outcome;
  }

  cancel() {
    this.#end(null);
  }

  /**
   * @param {Worker} worker
   * @param {OwnSource} source
   */
  async #send(worker, source) {
    const files = 'files' in source ? source.files : [];
    for (let at = 0; at < files.length; at += AT_ONCE) {
      await new Promise((resolve) => { setTimeout(resolve); });
      post(worker, { kind: 'add', files: files.slice(at, at + AT_ONCE) });
    }
    post(worker, { kind: 'read', zip: 'zip' in source ? source.zip : null });
  }

  /** @param {FromOwnWorker} message */
  #hear(message) {
    if (message.kind === 'progress') this.#show({ done: message.done, total: message.total });
    else this.#end(message);
  }

  /** @param {Read | null} read */
  #end(read) {
    const settle = this.#settle;
    this.#worker?.terminate();
    this.#worker = null;
    this.#settle = null;
    this.#show(null);
    settle?.(read);
  }

  /** @param {OwnImport['progress']} progress */
  #show(progress) {
    this.progress = progress;
    this.#invalidate();
  }
}

/**
 * @param {Worker} worker
 * @param {ToOwnWorker} message
 */
function post(worker, message) {
  worker.postMessage(message);
}
