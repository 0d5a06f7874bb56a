// Layers of a large network for pictures: asked for one at a time, when a picture is to be painted, and kept as long as the weights
// are the same. Of a small network nothing has to be asked.

import { detailOf } from '../model/detail.js';
import { answer } from './gate.js';
import { Latest } from './latest.js';

/** @import {Command, Tile} from '../generated/protocol.d.ts' */
/** @import {Detail} from '../model/detail.js' */
/** @import {Scores, State} from '../state/types.d.ts' */
/** @import {Asked} from './gate.js' */

export class Detailer {
  /** @type {Map<number, {scores: Scores, detail: Detail}>} The latest of each layer, also of weights before. */
  #layers = new Map();
  /** @type {{scores: Scores, layer: number, row: number, column: number, value: Detail} | null} */
  #single = null;
  #whole;
  #exact;
  #ask;
  #invalidate;

  /**
   * @param {(command: Command) => Asked} ask
   * @param {() => void} invalidate Asks for a render in the next frame.
   */
  constructor(ask, invalidate) {
    this.#ask = ask;
    this.#invalidate = invalidate;
    this.#whole = new Latest(invalidate);
    this.#exact = new Latest(invalidate);
  }

  /** The session or its worker is another. */
  reset() {
    this.#whole.reset();
    this.#exact.reset();
    this.#layers.clear();
    this.#single = null;
  }

  /**
   * A whole layer for a picture, in at most 32,768 cells; asks for it where it is not known of the weights in hand, and a render
   * follows when it has come.
   * @param {State} state
   * @param {number} layer
   * @returns {Detail | null} Of earlier weights until the answer is there; null before the first, and of a small network.
   */
  layer({ scores, phase, pending }, layer) {
    if (!scores?.tables) return null;
    const known = this.#layers.get(layer);
    if (known?.scores !== scores && phase === 'ready' && !pending) {
      this.#whole.ask([scores, layer], () => this.#ask({ type: 'detail', layer }), (messages) => {
        const found = answer(messages, 'detail');
        if (found) this.#layers.set(layer, { scores, detail: detailOf(found.event, found.bulk) });
      });
    }
    return known?.detail ?? null;
  }

  /**
   * A single weight, exactly, for what is said of the place under the pointer; asks for it where it is not known, and a render
   * follows.
   * @param {State} state
   * @param {{layer: number, row: number, column: number}} at A row is a filter.
   * @returns {{weight: number, held: boolean, rank: number} | null} `held`: whether it is cut for good. null until it is there.
   */
  weight({ scores, phase, pending }, { layer, row, column }) {
    if (!scores?.tables) return null;
    const known = this.#single;
    if (known?.scores === scores && known.layer === layer && known.row === row && known.column === column) {
      return { weight: known.value.weights[0], held: known.value.kept[0] === 0, rank: known.value.ranks[0] };
    }
    if (phase === 'ready' && !pending) {
      /** @type {Tile} */
      const tile = { row, column, rows: 1, columns: 1 };
      this.#exact.ask([scores, layer, row, column], () => this.#ask({ type: 'detail', layer, tile }), (messages) => {
        const found = answer(messages, 'detail');
        if (found) this.#single = { scores, layer, row, column, value: detailOf(found.event, found.bulk) };
      });
    }
    return null;
  }
}
