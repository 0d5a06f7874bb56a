// Of questions of one kind one is under way at a time, and only the answer to the latest counts.

import { AskError, WorkerDied } from './errors.js';

/** @import {Message} from '../generated/protocol.d.ts' */
/** @import {Asked} from './gate.js' */

export class Latest {
  /** @type {readonly unknown[] | null} What the latest question was of. */
  #key = null;
  /** @type {number | null} */
  #command = null;
  #busy = false;
  #onFree;

  /** @param {() => void} [onFree] Told when the next question may be put. */
  constructor(onFree = () => {}) {
    this.#onFree = onFree;
  }

  /** Whether the latest question has no answer yet. */
  get busy() {
    return this.#busy;
  }

  /**
   * Whether the latest question was of this.
   * @param {readonly unknown[]} key
   */
  isOf(key) {
    return this.#key !== null && key.every((part, i) => part === this.#key?.[i]);
  }

  /**
   * Whether something comes of the latest question, and not of one before it.
   * @param {number} command
   */
  isLatest(command) {
    return command === this.#command;
  }

  /**
   * Asks, unless that has been asked or another question is under way: who has to ask is told when that is answered.
   * @param {readonly unknown[]} key What the question is of, compared part by part.
   * @param {() => Asked} put
   * @param {(messages: Message[], command: number) => void} [take] Is given the answer, where the question still counts.
   * @param {{replace?: boolean}} [how] `replace`: a question under way is not waited for.
   * @returns {Asked | null}
   */
  ask(key, put, take, { replace = false } = {}) {
    if ((this.#busy && !replace) || this.isOf(key)) return null;
    this.#key = key;
    this.#busy = true;
    const asked = put();
    this.#command = asked.id;
    asked.then((messages) => {
      if (!this.isLatest(asked.id)) return;
      take?.(messages, asked.id);
      this.#free();
    }, (error) => this.#failed(asked.id, error));
    return asked;
  }

  /** The session or its worker is another: what was asked counts no more, and may be asked anew. */
  reset() {
    this.#key = null;
    this.#command = null;
    this.#busy = false;
  }

  #free() {
    this.#busy = false;
    this.#onFree();
  }

  /**
   * What failed would fail again; what was given up may be asked once more.
   * @param {number} command
   * @param {unknown} error
   */
  #failed(command, error) {
    if (!this.isLatest(command)) return;
    if (error instanceof WorkerDied || (error instanceof AskError && error.code === 'cancelled')) this.#key = null;
    this.#free();
  }
}
