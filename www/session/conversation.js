// Questions to a worker of one's own, each awaited before the next is put.

import { Client } from '../worker/client.js';

/** @import {Bulk, Command, Message} from '../generated/protocol.d.ts' */
/** @import {FromWorker} from '../worker/types.d.ts' */

/** The core refused a command or failed at it; the worker lives on. */
export class CoreError extends Error {}

/** The conversation was ended from this side. */
export class Ended extends Error {}

/**
 * @typedef {object} Question
 * @property {(message: Message) => boolean} until Whether a message is the answer.
 * @property {(message: Message) => void} [hear] Is told of the messages before it.
 * @property {Partial<Bulk>} [bulk]
 * @property {File[]} [files]
 */

export class Conversation {
  #client = new Client((message) => this.#hear(message));
  /** @type {(() => void) | null} */
  #started = null;
  /** @type {((error: Error) => void) | null} */
  #fail = null;
  /** @type {((message: Message) => void) | null} */
  #listen = null;
  #lastRunId = 0;

  /**
   * Starts the worker with the CPU bundle.
   * @returns {Promise<void>}
   */
  start() {
    return new Promise((resolve, reject) => {
      this.#started = resolve;
      this.#fail = reject;
      this.#client.start('cpu');
    });
  }

  /** A number for the next run, by which its messages are known. */
  nextRunId() {
    this.#lastRunId += 1;
    return this.#lastRunId;
  }

  /**
   * @param {Command} command
   * @param {Question} question
   * @returns {Promise<Message>} Rejects with a CoreError where the core answers with an error, with Ended after `end`.
   */
  ask(command, { until, hear, bulk, files }) {
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#listen = (message) => {
        const { event } = message;
        if (message.runId !== this.#lastRunId && event.type !== 'error') return;
        if (event.type === 'error') this.#settle(() => reject(new CoreError(event.message)));
        else if (until(message)) this.#settle(() => resolve(message));
        else hear?.(message);
      };
      this.#client.send(command, { bulk, files });
    });
  }

  /** Ends the worker, whatever it is doing. */
  end() {
    this.#client.terminate();
    const fail = this.#fail;
    this.#settle(() => fail?.(new Ended()));
  }

  /** @param {() => void} settle */
  #settle(settle) {
    this.#fail = null;
    this.#listen = null;
    settle();
  }

  /** @param {FromWorker} message */
  #hear(message) {
    if (message.kind === 'backend') {
      this.#started?.();
    } else if (message.kind === 'died') {
      const fail = this.#fail;
      this.#settle(() => fail?.(new Error(message.message)));
    } else if (message.kind === 'messages') {
      message.messages.forEach((each) => this.#listen?.(each));
    }
  }
}
