// One picture beside the data set, drawn or dropped: what the network says of it, now and under the slider.
// One question at a time, and the latest picture and place of the slider count.

import { inputOf } from '../data/trial-input.js';
import { answer } from './gate.js';
import { Latest } from './latest.js';

/** @import {Bulk, Command, DatasetInfo, Message} from '../generated/protocol.d.ts' */
/** @import {State} from '../state/types.d.ts' */
/** @import {Asked} from './gate.js' */

export class Trial {
  /** @type {Uint8Array | null} What the network is shown; null while there is nothing. */
  pixels = null;
  /** Where the pixels come from: what was drawn is to be seen on the pad. */
  from = /** @type {'pad' | 'picture'} */ ('pad');
  /** @type {{before: Float32Array, now: Float32Array} | null} Probabilities without and with the slider's cut. */
  answer = null;
  /** Counts the pictures that came from elsewhere than the pad, so that the view opens for them. */
  pictures = 0;
  #latest;
  /** @type {number | null} */
  #digest = null;
  /** @type {number | null} Of the data set in hand. */
  #current = null;
  #ask;
  #invalidate;
  #refuse;

  /**
   * @param {(command: Command, bulk: Partial<Bulk>) => Asked} ask
   * @param {() => void} invalidate Asks for a render in the next frame.
   * @param {(name: string) => void} refuse Is told of a picture that can't be read.
   * @param {() => void} onFree Told when the next question may be put.
   */
  constructor(ask, invalidate, refuse, onFree = () => {}) {
    this.#ask = ask;
    this.#latest = new Latest(onFree);
    this.#invalidate = invalidate;
    this.#refuse = refuse;
  }

  /**
   * Shows the network another image, or none.
   * @param {Uint8Array | null} pixels Of the data set's size.
   * @param {State} state
   * @param {Trial['from']} [from]
   */
  show(pixels, state, from = 'pad') {
    this.pixels = pixels;
    this.from = from;
    this.#digest = state.dataset?.digest ?? null;
    if (!pixels) this.answer = null;
    this.#invalidate();
    this.ask(state);
  }

  /**
   * Shows the network a person's picture, scaled as the images of the data set are.
   * @param {File} file
   * @param {State} state
   */
  async tryPicture(file, state) {
    const { dataset } = state;
    if (!dataset) return;
    try {
      const pixels = await inputOf(file, dataset);
      // Another data set may have come in between.
      if (this.#current !== null && this.#current !== dataset.digest) return;
      this.pictures += 1;
      this.show(pixels, state, 'picture');
    } catch {
      this.#refuse(file.name);
    }
  }

  /** @param {State} state */
  ask(state) {
    const { selection, scores, dataset } = state;
    this.#current = dataset?.digest ?? null;
    this.#forgetOther(dataset);
    const { pixels } = this;
    if (!pixels || !scores || state.pending || state.phase !== 'ready') return;
    this.#latest.ask([pixels, selection, scores], () => this.#ask({ type: 'classify', selection }, { images: pixels }), (messages) => this.#answered(messages));
  }

  /** @param {Message[]} messages */
  #answered(messages) {
    const probabilities = answer(messages, 'classified')?.bulk.probabilities;
    if (!this.pixels || !probabilities) return;
    const half = probabilities.length / 2;
    this.answer = { before: probabilities.subarray(0, half), now: probabilities.subarray(half) };
    this.#invalidate();
  }

  /** The session or its worker is another: what was asked will not be answered. */
  reset() {
    this.#latest.reset();
  }

  /**
   * An image of another data set means nothing to this network.
   * @param {DatasetInfo | null} dataset
   */
  #forgetOther(dataset) {
    if (!this.pixels || !dataset || dataset.digest === this.#digest) return;
    this.pixels = null;
    this.answer = null;
    this.#invalidate();
  }
}
