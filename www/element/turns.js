// Things to do, one after the other: each begins when the one before has begun, and is awaited until it is done.

import { AskError, Ended } from '../session/errors.js';
import { errorsBetween, isReady } from './events.js';

/** @import {Session} from '../session/session.js' */
/** @import {State} from '../state/types.d.ts' */

/** What the page says of these has nothing to do with what was asked of the core. */
const HARMLESS = new Set(['setting-rejected', 'download-failed']);

/** Something was asked for and did not come about; `code` is that of the `error` event. */
export class PlaygroundError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'PlaygroundError';
    this.code = code;
  }
}

/**
 * @typedef {object} Wait
 * @property {(state: State) => boolean} holds
 * @property {Since | null} since What else ends the wait than a session that is dead.
 * @property {(state: State) => void} resolve
 * @property {(reason: Error) => void} reject
 */

/**
 * Failures that are told from a notice on, of one command where that is known.
 * @typedef {{nextId: number, command: number | null}} Since
 */

/**
 * One thing to do.
 * @typedef {object} Deed
 * @property {(session: Session) => Promise<unknown> & {id: number} | undefined | void} begin Gives back what was asked of the core, where that is one thing.
 * @property {(now: State, before: State) => boolean} done Is asked once that has been answered.
 * @property {(now: State, before: State) => boolean} [begun] Whether the next may begin, where that is before this is done.
 * @property {(state: State) => boolean} [possible] When it can begin, where that is not when the page is ready.
 */

export class Turns {
  /** @type {Session | null} */
  #session = null;
  /** How often the session was taken away: what was asked for before that is void. */
  #removals = 0;
  #checking = false;
  /** @type {Set<Wait>} */
  #waits = new Set();
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();
  /** @type {(state: State) => void} */
  #onState;

  /** @param {(state: State) => void} onState Hears of each state that all messages that came together have led to. */
  constructor(onState) {
    this.#onState = onState;
  }

  /** @param {Session} session */
  attach(session) {
    this.#session = session;
    session.store.watch(() => this.#checkSoon());
    this.#checkSoon();
  }

  /** Nothing that was asked for will come about. */
  detach() {
    this.#session = null;
    this.#removals += 1;
    this.#turn = Promise.resolve();
    const waits = [...this.#waits];
    this.#waits.clear();
    for (const { reject } of waits) reject(removed());
  }

  /**
   * Rejects with a PlaygroundError where the core or the worker fails, with an AbortError where the session is taken away.
   * @param {Deed} deed
   * @returns {Promise<State>}
   */
  take({ begin, done, begun, possible = isReady }) {
    const removals = this.#removals;
    const turn = this.#turn.then(async () => {
      if (removals !== this.#removals) throw removed();
      await this.until(possible);
      const session = this.#session;
      if (!session || removals !== this.#removals) throw removed();
      const before = session.state;
      const asked = begin(session) || null;
      const since = { nextId: before.nextId, command: asked?.id ?? null };
      const end = quiet(this.#end(asked, () => this.until((now) => done(now, before), since)));
      await (begun ? Promise.race([end, this.until((now) => begun(now, before), since)]) : end);
      // Wrapped, lest it be awaited here.
      return { end };
    });
    this.#turn = turn.catch(() => {});
    return turn.then(({ end }) => end);
  }

  /**
   * @param {Promise<unknown> | null} asked
   * @param {() => Promise<State>} follows
   */
  async #end(asked, follows) {
    const removals = this.#removals;
    try {
      await asked;
    } catch (error) {
      throw removals === this.#removals && error instanceof AskError && !(error instanceof Ended) ? new PlaygroundError(error.code, error.message) : removed();
    }
    return follows();
  }

  /**
   * @param {(state: State) => boolean} holds
   * @param {Since | null} [since]
   * @returns {Promise<State>}
   */
  until(holds, since = null) {
    return new Promise((resolve, reject) => {
      this.#waits.add({ holds, since, resolve, reject });
      this.#checkSoon();
    });
  }

  /** Once for all the messages that come together: between them a state may make no sense. */
  #checkSoon() {
    if (this.#checking) return;
    this.#checking = true;
    queueMicrotask(() => {
      this.#checking = false;
      if (!this.#session) return;
      const { state } = this.#session;
      this.#onState(state);
      for (const wait of [...this.#waits]) this.#settle(wait, state);
    });
  }

  /**
   * @param {Wait} wait
   * @param {State} state
   */
  #settle(wait, state) {
    const { holds, since, resolve, reject } = wait;
    try {
      const failure = since && failureSince(since, state);
      if (failure) throw new PlaygroundError(failure.code, failure.message);
      if (holds(state)) resolve(state);
      else if (state.trouble) throw new PlaygroundError(state.trouble.kind, state.trouble.values.message ?? '');
      else return;
    } catch (error) {
      reject(/** @type {Error} */ (error));
    }
    this.#waits.delete(wait);
  }
}

/**
 * @param {Since} since
 * @param {State} state
 */
function failureSince({ nextId, command }, state) {
  // What is told of another command has nothing to do with this.
  const notices = command === null ? state.notices : state.notices.filter((notice) => notice.command === undefined || notice.command === command);
  return errorsBetween({ nextId, trouble: state.trouble }, { ...state, notices }).find(({ code }) => !HARMLESS.has(code));
}

function removed() {
  return new DOMException('The element was removed from the document.', 'AbortError');
}

/**
 * Who does not wait for it need not hear of its failure: there is the `error` event.
 * @template T
 * @param {Promise<T>} promise
 */
export function quiet(promise) {
  promise.catch(() => {});
  return promise;
}
