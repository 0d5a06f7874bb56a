// Asks for the accuracy under the slider: one question at a time, and the latest place of the slider counts.

import { answers, isScoring } from '../state/derive.js';

/** @import {Command, Selection} from '../generated/protocol.d.ts' */
/** @import {Cut} from '../model/ranking.js' */
/** @import {Scores, State} from '../state/types.d.ts' */

export class Previewer {
  #lastRequest = 0;
  /** @type {number | null} */
  #inFlight = null;
  /** @type {{selection: Selection, scores: Scores} | null} */
  #asked = null;
  /** @type {(command: Command) => void} */
  #send;

  /** @param {(command: Command) => void} send */
  constructor(send) {
    this.#send = send;
  }

  /** Forgets what was asked: the session or its worker is another. */
  reset() {
    this.#inFlight = null;
    this.#asked = null;
  }

  /** The question in flight will not be answered. */
  failed() {
    this.#inFlight = null;
  }

  /**
   * Whether no later question was asked.
   * @param {number} request
   */
  isLatest(request) {
    return request === this.#lastRequest;
  }

  /** @param {number} request */
  answered(request) {
    if (request === this.#inFlight) this.#inFlight = null;
  }

  /**
   * Asks, where the slider stands at a place whose accuracy is not known.
   * @param {State} state
   * @param {Cut | null} cut
   */
  ask(state, cut) {
    const { selection, scores } = state;
    if (!cut || !scores || this.#inFlight !== null || state.pending || state.phase !== 'ready' || isScoring(state)) return;
    if (cut.pruned === cut.alreadyCut || answers(state)) return;
    if (this.#asked?.selection === selection && this.#asked.scores === scores) return;
    this.#lastRequest += 1;
    this.#inFlight = this.#lastRequest;
    this.#asked = { selection, scores };
    this.#send({ type: 'preview', request: this.#lastRequest, selection });
  }
}
