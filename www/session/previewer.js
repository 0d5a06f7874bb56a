// Asks for the accuracy under the slider: one question at a time, and the latest place of the slider counts.

import { answers } from '../state/derive.js';
import { Latest } from './latest.js';

/** @import {Command} from '../generated/protocol.d.ts' */
/** @import {Cut} from '../model/ranking.js' */
/** @import {State} from '../state/types.d.ts' */
/** @import {Asked} from './gate.js' */

export class Previewer {
  #latest;
  #ask;

  /**
   * @param {(command: Command) => Asked} ask
   * @param {() => void} onFree Told when the next question may be put.
   */
  constructor(ask, onFree) {
    this.#ask = ask;
    this.#latest = new Latest(onFree);
  }

  /** Forgets what was asked: the session or its worker is another. */
  reset() {
    this.#latest.reset();
  }

  /**
   * Whether no later question was asked.
   * @param {number} command
   */
  isLatest(command) {
    return this.#latest.isLatest(command);
  }

  /**
   * Asks, where the slider stands at a place whose accuracy is not known. While the weights are being scored by another method, the
   * ranking before goes on.
   * @param {State} state
   * @param {Cut | null} cut
   */
  ask(state, cut) {
    const { selection, scores } = state;
    if (!cut || !scores || state.pending || state.phase !== 'ready') return;
    if (cut.pruned === cut.alreadyCut || answers(state)) return;
    this.#latest.ask([selection, scores], () => this.#ask({ type: 'preview', selection }));
  }
}
