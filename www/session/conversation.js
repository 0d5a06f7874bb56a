// Questions to a worker of one's own, each awaited before the next is put.

import { Client } from '../worker/client.js';
import { CoreError, Ended, WorkerDied } from './errors.js';
import { Gate, counter } from './gate.js';

/** @import {Bulk, Command, Message} from '../generated/protocol.d.ts' */
/** @import {FromWorker} from '../worker/types.d.ts' */

/**
 * @typedef {object} Question
 * @property {(message: Message) => boolean} until Whether a message is the answer; it may come after the command is done.
 * @property {(message: Message) => void} [hear] Is told of the messages before it.
 * @property {Partial<Bulk>} [bulk]
 * @property {File[]} [files]
 */

/** @typedef {{id: number, until: Question['until'], hear: Question['hear'], resolve: (message: Message) => void, reject: (error: Error) => void}} Pending */

export class Conversation {
  #client;
  #gate = new Gate((id, command, { bulk, files }) => this.#client.send(id, command, { bulk, files }));
  /** @type {{resolve: () => void, reject: (error: Error) => void} | null} */
  #starting = null;
  /** @type {Pending | null} */
  #pending = null;
  /** A number for the next run. */
  nextRunId = counter();

  /** @param {(onMessage: (message: FromWorker) => void) => Client} [connect] */
  constructor(connect = (onMessage) => new Client(onMessage)) {
    this.#client = connect((message) => this.#hear(message));
  }

  /**
   * Starts the worker with the CPU bundle.
   * @returns {Promise<void>}
   */
  start() {
    return new Promise((resolve, reject) => {
      this.#starting = { resolve, reject };
      this.#client.start('cpu');
    });
  }

  /**
   * @param {Command} command
   * @param {Question} question
   * @returns {Promise<Message>} Rejects with a CoreError where the core answers with an error, with Ended after `end`.
   */
  ask(command, { until, hear, bulk, files }) {
    return new Promise((resolve, reject) => {
      const asked = this.#gate.ask(command, { bulk, files });
      this.#pending = { id: asked.id, until, hear, resolve, reject };
      asked.catch(reject);
    });
  }

  /** Ends the worker, whatever it is doing. */
  end() {
    this.#client.terminate();
    this.#close(new Ended());
  }

  /** @param {Ended | WorkerDied} error */
  #close(error) {
    this.#gate.close(error);
    this.#starting?.reject(error);
    this.#pending?.reject(error);
  }

  /** @param {FromWorker} message */
  #hear(message) {
    if (message.kind === 'backend') {
      this.#gate.open();
      this.#starting?.resolve();
    } else if (message.kind === 'died') {
      this.#close(new WorkerDied(message.message));
    } else if (message.kind === 'messages') {
      for (const each of message.messages) {
        this.#answer(each);
        this.#gate.hear(each);
      }
    }
  }

  /** @param {Message} message */
  #answer(message) {
    const { event, command } = message;
    if (command !== this.#pending?.id) return;
    if (event.type === 'error') this.#pending.reject(new CoreError(event.code, event.message));
    else if (this.#pending.until(message)) this.#pending.resolve(message);
    else this.#pending.hear?.(message);
  }
}
