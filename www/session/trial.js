// One picture beside the data set, drawn or dropped: what the network says of it, now and under the slider.
// One question at a time, and the latest picture and place of the slider count.

import { inputOf } from '../data/trial-input.js';
import { isScoring } from '../state/derive.js';

/** @import {Bulk, Command, DatasetInfo, Message, Selection} from '../generated/protocol.d.ts' */
/** @import {Scores, State} from '../state/types.d.ts' */

export class Trial {
  /** @type {Uint8Array | null} What the network is shown; null while there is nothing. */
  pixels = null;
  /** Where the pixels come from: what was drawn is to be seen on the pad. */
  from = /** @type {'pad' | 'picture'} */ ('pad');
  /** @type {{before: Float32Array, now: Float32Array} | null} Probabilities without and with the slider's cut. */
  answer = null;
  /** Counts the pictures that came from elsewhere than the pad, so that the view opens for them. */
  pictures = 0;
  #request = 0;
  #inFlight = false;
  /** @type {{pixels: Uint8Array, selection: Selection, scores: Scores} | null} */
  #asked = null;
  /** @type {number | null} */
  #digest = null;
  /** @type {number | null} Of the data set in hand. */
  #current = null;
  #send;
  #invalidate;
  #refuse;

  /**
   * @param {(command: Command, bulk: Partial<Bulk>) => void} send
   * @param {() => void} invalidate Asks for a render in the next frame.
   * @param {(name: string) => void} refuse Is told of a picture that can't be read.
   */
  constructor(send, invalidate, refuse) {
    this.#send = send;
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
    if (!pixels || !scores || this.#inFlight || state.pending || state.phase !== 'ready' || isScoring(state)) return;
    if (this.#asked?.pixels === pixels && this.#asked.selection === selection && this.#asked.scores === scores) return;
    this.#request += 1;
    this.#inFlight = true;
    this.#asked = { pixels, selection, scores };
    this.#send({ type: 'classify', request: this.#request, selection }, { images: pixels });
  }

  /**
   * @param {Message} message
   * @param {State} state
   */
  answered({ event, bulk, runId }, state) {
    if (event.type !== 'classified' || event.request !== this.#request) return;
    this.#inFlight = false;
    if (runId !== state.runId || !this.pixels) return;
    const half = bulk.probabilities.length / 2;
    this.answer = { before: bulk.probabilities.subarray(0, half), now: bulk.probabilities.subarray(half) };
    this.#invalidate();
  }

  /** The session or its worker is another: what was asked will not be answered. */
  reset() {
    this.#inFlight = false;
    this.#asked = null;
    this.#request += 1;
  }

  /** The question in flight will not be answered. */
  failed() {
    this.#inFlight = false;
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
