// What the cut under the slider buys in time and bytes: asked for by a person, measured by the worker at rest.

import { gzipped } from '../data/gzip.js';
import { answer } from './gate.js';
import { Latest } from './latest.js';

/** @import {Command, Encoded, Message, Timing} from '../generated/protocol.d.ts' */
/** @import {State} from '../state/types.d.ts' */
/** @import {Asked} from './gate.js' */

/** @typedef {Encoded & {bytes: number, gzip: number}} Size */

/** @typedef {{images: number, timings: Timing[], sizes: Size[]}} Measured */

export class Meter {
  /** @type {Measured | null} */
  measured = null;
  /** Whether an answer is on its way. */
  pending = false;
  /** @type {readonly unknown[] | null} The cut and the weights that `measured` is of. */
  #measuredOf = null;
  #latest = new Latest();
  #ask;
  #invalidate;

  /**
   * @param {(command: Command) => Asked} ask
   * @param {() => void} invalidate Asks for a render in the next frame.
   */
  constructor(ask, invalidate) {
    this.#ask = ask;
    this.#invalidate = invalidate;
  }

  /** The session or its worker is another. */
  reset() {
    this.#latest.reset();
    this.measured = null;
    this.#measuredOf = null;
    this.pending = false;
  }

  /**
   * Whether what was measured is of the network and the cut in hand.
   * @param {State} state
   */
  isCurrent({ selection, scores }) {
    return this.#measuredOf !== null && this.#measuredOf[0] === selection && this.#measuredOf[1] === scores;
  }

  /**
   * Whether this cut was asked about in vain.
   * @param {State} state
   */
  hasFailed(state) {
    return !this.pending && this.#latest.isOf([state.selection, state.scores]) && !this.isCurrent(state);
  }

  /**
   * Asks, unless this has been asked already. While training goes on there is nothing to measure that would stay.
   * @param {State} state
   */
  ask(state) {
    const { selection, scores, activity, phase, pending } = state;
    if (!scores || phase !== 'ready' || activity !== 'idle' || pending || this.isCurrent(state)) return;
    const key = [selection, scores];
    const asked = this.#latest.ask(key, () => this.#ask({ type: 'meter', selection }), (messages, command) => this.#answered(messages, command, key), { replace: true });
    if (!asked) return;
    this.pending = true;
    asked.catch(() => this.#ended(asked.id));
    this.#invalidate();
  }

  /**
   * @param {Message[]} messages
   * @param {number} command
   * @param {readonly unknown[]} key
   */
  async #answered(messages, command, key) {
    const metered = answer(messages, 'metered');
    if (!metered) return this.#ended(command);
    const { event, bulk } = metered;
    const sizes = await Promise.all(event.encoded.map(async (what, i) => {
      const file = bulk.files?.[i] ?? new Uint8Array();
      return { ...what, bytes: file.length, gzip: await gzipped(file) };
    }));
    if (!this.#latest.isLatest(command)) return undefined;
    this.measured = { images: event.images, timings: event.timings, sizes };
    this.#measuredOf = key;
    return this.#ended(command);
  }

  /** @param {number} command */
  #ended(command) {
    if (!this.#latest.isLatest(command)) return;
    this.pending = false;
    this.#invalidate();
  }
}

/**
 * How many times as fast as the dense network each way is.
 * @param {Timing[]} timings
 */
export function speedUps(timings) {
  const dense = timings.find(({ way }) => way === 'dense');
  return timings.map(({ ms }) => (dense && ms > 0 ? dense.ms / ms : null));
}

/**
 * What the multiply-accumulates alone would promise.
 * @param {State['layers']} layers
 * @param {number[]} kept Weights that are left, layer by layer.
 */
export function promised(layers, kept) {
  const all = layers.reduce((sum, { macs }) => sum + macs, 0);
  const left = layers.reduce((sum, { macs, weights }, i) => sum + macs * ((kept[i] ?? weights) / weights), 0);
  return { all, left, speedUp: left > 0 ? all / left : Infinity };
}
