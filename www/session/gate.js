// The one way to a worker: each command has its number, and each promise ends, whatever becomes of the worker.

import { AskError, CoreError, WorkerDied } from './errors.js';

/** @import {Bulk, Command, Message} from '../generated/protocol.d.ts' */

/**
 * @typedef {object} How
 * @property {Partial<Bulk>} [bulk]
 * @property {File[]} [files]
 * @property {(id: number) => void} [sending] Is told when it goes to a worker.
 * @property {(message: Message) => void} [hear] Is told of what comes of it until it has ended.
 * @property {boolean} [pass] Goes to the worker though others wait.
 */

/**
 * What was asked: resolves with what has come of it until it was done, of each kind of event the last.
 * @typedef {Promise<Message[]> & {id: number}} Asked
 */

/**
 * @typedef {object} Entry
 * @property {number} id
 * @property {Command} command
 * @property {How} how
 * @property {boolean} again Whether it has been asked of a worker that died.
 * @property {Map<string, Message>} answers
 * @property {(messages: Message[]) => void} resolve
 * @property {(error: Error) => void} reject
 */

/** What a worker that dies leaves undone is asked once more of the next: it changes nothing, or replaces all. */
const AGAIN = new Set(['export', 'export-test-images', 'configure', 'load-files']);

/** What begins another run. */
export const BEGINS = new Set(['configure', 'load-files', 'restore', 'open']);

export class Gate {
  /** @type {'open' | 'waiting' | AskError} */
  #way = 'waiting';
  /** @type {Entry[]} In the order in which they were asked. */
  #line = [];
  /** @type {Map<number, Entry>} */
  #underWay = new Map();
  #post;
  #nextId;

  /**
   * @param {(id: number, command: Command, how: How) => void} post
   * @param {() => number} [nextId] Where several gates have numbers in common.
   */
  constructor(post, nextId = counter()) {
    this.#post = post;
    this.#nextId = nextId;
  }

  /**
   * @param {Command} command
   * @param {How} [how]
   * @returns {Asked} Who does not wait for it need not hear of its failure.
   */
  ask(command, how = {}) {
    const id = this.#nextId();
    /** @type {Promise<Message[]>} */
    const promise = new Promise((resolve, reject) => {
      const entry = { id, command, how, again: false, answers: new Map(), resolve, reject };
      if (this.#way instanceof AskError) reject(this.#way);
      else if (this.#way === 'open' || how.pass) this.#send(entry);
      else this.#line.push(entry);
    });
    promise.catch(() => {});
    return Object.assign(promise, { id });
  }

  /** From now on what is asked waits. */
  hold() {
    this.#way = 'waiting';
  }

  /** What has waited goes to the worker, in its order. */
  open() {
    this.#way = 'open';
    for (let entry = this.#line.shift(); entry; entry = this.#line.shift()) this.#send(entry);
  }

  /**
   * Nothing will be answered any more.
   * @param {AskError} error
   */
  close(error) {
    this.#way = error;
    const all = [...this.#underWay.values(), ...this.#line.splice(0)];
    this.#underWay.clear();
    for (const { reject } of all) reject(error);
  }

  /**
   * The worker is another. What it had not answered is asked again where that is safe, before all that waits.
   * @param {AskError} [error] For the rest.
   */
  lost(error = new WorkerDied()) {
    const all = [...this.#underWay.values()];
    this.#underWay.clear();
    const kept = all.filter((entry) => this.#way === 'waiting' && AGAIN.has(entry.command.type) && !entry.again && !entry.how.pass);
    for (const entry of kept) {
      entry.again = true;
      entry.answers.clear();
    }
    this.#line.unshift(...kept);
    for (const entry of all) if (!kept.includes(entry)) entry.reject(error);
  }

  /**
   * Gives up what waits and is of these types.
   * @param {Set<string>} types
   * @param {AskError} error
   */
  drop(types, error) {
    const dropped = this.#line.filter(({ command }) => types.has(command.type));
    this.#line = this.#line.filter((entry) => !dropped.includes(entry));
    for (const { reject } of dropped) reject(error);
  }

  /**
   * Whether something of these types waits.
   * @param {Set<string>} types
   */
  waits(types) {
    return this.#line.some(({ command }) => types.has(command.type));
  }

  /** How much has not come to its end. */
  get unsettled() {
    return this.#line.length + this.#underWay.size;
  }

  /** @param {Message} message After the page has taken it up. */
  hear(message) {
    const { event, command } = message;
    const entry = this.#underWay.get(command);
    if (!entry) return;
    if (event.type === 'done') {
      this.#underWay.delete(command);
      entry.resolve([...entry.answers.values()]);
    } else if (event.type === 'error') {
      this.#underWay.delete(command);
      entry.reject(new CoreError(event.code, event.message));
    } else {
      entry.answers.set(event.type, message);
      entry.how.hear?.(message);
    }
  }

  /** @param {Entry} entry */
  #send(entry) {
    this.#underWay.set(entry.id, entry);
    entry.how.sending?.(entry.id);
    this.#post(entry.id, entry.command, entry.how);
  }
}

/** Numbers from 1 on. */
export function counter() {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}

/**
 * The answer of a kind among those that a promise has resolved with.
 * @template {Message['event']['type']} T
 * @param {Message[]} messages
 * @param {T} type
 */
export function answer(messages, type) {
  const found = messages.find(({ event }) => event.type === type);
  return found ? /** @type {Message & {event: Extract<Message['event'], {type: T}>}} */ (found) : null;
}
