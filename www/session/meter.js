// What the cut under the slider buys in time and bytes: asked for by a person, measured by the worker at rest.

import { gzipped } from '../data/gzip.js';

/** @import {Command, Encoded, Message, Selection, Timing} from '../generated/protocol.d.ts' */
/** @import {Scores, State} from '../state/types.d.ts' */

/** @typedef {Encoded & {bytes: number, gzip: number}} Size */

/** @typedef {{images: number, timings: Timing[], sizes: Size[]}} Measured */

export class Meter {
  /** @type {Measured | null} */
  measured = null;
  /** Whether an answer is on its way. */
  pending = false;
  #request = 0;
  /** @type {{selection: Selection, scores: Scores} | null} What was asked last. */
  #asked = null;
  #send;
  #invalidate;

  /**
   * @param {(command: Command) => void} send
   * @param {() => void} invalidate Asks for a render in the next frame.
   */
  constructor(send, invalidate) {
    this.#send = send;
    this.#invalidate = invalidate;
  }

  /** The session or its worker is another. */
  reset() {
    this.measured = null;
    this.pending = false;
    this.#asked = null;
  }

  /** The question in flight will not be answered. */
  failed() {
    this.pending = false;
  }

  /**
   * Whether what was measured is of the network and the cut in hand.
   * @param {State} state
   */
  isCurrent({ selection, scores }) {
    return this.#asked !== null && this.#asked.selection === selection && this.#asked.scores === scores;
  }

  /**
   * Asks, unless this has been asked already. While training goes on there is nothing to measure that would stay.
   * @param {State} state
   */
  ask(state) {
    const { selection, scores, activity, phase, pending } = state;
    if (!scores || phase !== 'ready' || activity !== 'idle' || pending || this.isCurrent(state)) return;
    this.#request += 1;
    this.#asked = { selection, scores };
    this.pending = true;
    this.#send({ type: 'meter', request: this.#request, selection });
    this.#invalidate();
  }

  /** @param {Message} message */
  async answered({ event, bulk }) {
    if (event.type !== 'metered' || event.request !== this.#request) return;
    const sizes = await Promise.all(event.encoded.map(async (what, i) => {
      const file = bulk.files?.[i] ?? new Uint8Array();
      return { ...what, bytes: file.length, gzip: await gzipped(file) };
    }));
    if (event.request !== this.#request) return;
    this.measured = { images: event.images, timings: event.timings, sizes };
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
