// Keeps the session ranking by the method that was chosen: one scoring at a time, and the latest choice counts.

import { methodKey, methodOf } from '../model/method.js';
import { isScoring } from '../state/derive.js';
import { CoreError } from './errors.js';
import { Latest } from './latest.js';

/** @import {Command, Method} from '../generated/protocol.d.ts' */
/** @import {State} from '../state/types.d.ts' */
/** @import {Asked} from './gate.js' */

export class Ranker {
  #latest = new Latest();
  #ask;
  #refused;
  /** @type {string | null} What a recipe ranks by from now on, without being asked. */
  #expected = null;

  /**
   * @param {(command: Command) => Asked} ask
   * @param {() => void} refused Told where the method that was chosen can't be had, or was given up.
   */
  constructor(ask, refused) {
    this.#ask = ask;
    this.#refused = refused;
  }

  /** Whether the worker scores by a method that was asked for. */
  get busy() {
    return this.#latest.busy;
  }

  /** The session or its worker is another: it ranks by what it was begun with. */
  reset() {
    this.#latest.reset();
    this.#expected = null;
  }

  /** @param {Method} method That a recipe brings. */
  expect(method) {
    this.#latest.reset();
    this.#expected = methodKey(method);
  }

  /**
   * Whether the session has to be asked for the method that was chosen.
   * @param {State} state
   */
  wants(state) {
    const { phase, pending, settings, scores } = state;
    if (phase !== 'ready' || pending || !scores) return false;
    const key = methodKey(methodOf(settings));
    if (this.#expected === key || this.#latest.isOf([key])) return false;
    return isScoring(state) || this.#latest.busy;
  }

  /** @param {State} state */
  agree(state) {
    if (!isScoring(state) && !this.#latest.busy) this.reset();
    if (!this.wants(state)) return;
    const method = methodOf(state.settings);
    const asked = this.#latest.ask([methodKey(method)], () => this.#ask({ type: 'set-method', method }), undefined, { replace: true });
    asked?.catch((error) => {
      if (!this.#latest.isLatest(asked.id)) return;
      this.#latest.reset();
      if (error instanceof CoreError) this.#refused();
    });
  }
}
