// The network in hand as files to take home: asks the core for them, and says what came of a network that was opened.

import { recipeNow } from '../model/own-recipe.js';
import { networkName } from '../model/share.js';
import { place } from '../place.js';

/** @import {Command, Event, ExportFormat, Message} from '../generated/protocol.d.ts' */
/** @import {Cut} from '../model/ranking.js' */
/** @import {Notice, State} from '../state/types.d.ts' */

/** The core reads no larger ones; this spares the page from loading a film. */
const LARGEST = 64 * 1024 * 1024;

/** @param {File} file */
export function tooLarge({ size }) {
  return size > LARGEST;
}

/**
 * A script for PyTorch, which the site has: one loads a network, one trains its recipe on many processes or machines.
 * @param {'evaluate_network.py' | 'train_distributed.py'} name
 */
export async function fetchScript(name) {
  const response = await fetch(place(`../pytorch/${name}`));
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return new File([await response.blob()], name, { type: 'text/x-python' });
}

export class TakeHome {
  /** @type {(file: File) => void} Is given each file that comes. */
  onFile = () => {};
  #request = 0;
  /** @type {{request: number, open: (file: File) => void} | null} A smaller network that is to be gone on with, not saved. */
  #rebuilding = null;
  #send;

  /** @param {(command: Command) => void} send */
  constructor(send) {
    this.#send = send;
  }

  /**
   * @param {ExportFormat} format
   * @param {boolean} compacted Without the filters that are removed.
   * @param {State} state
   * @param {Cut | null} cut
   */
  askNetwork(format, compacted, state, cut) {
    const recipe = recipeNow(state, cut);
    this.#send({ type: 'export', request: this.#next(), format, compacted, ...(recipe && { recipe }) });
  }

  /**
   * Asks for the network without its removed filters, to be opened here and now.
   * @param {State} state
   * @param {Cut | null} cut
   * @param {(file: File) => void} open
   */
  rebuild(state, cut, open) {
    this.askNetwork('safetensors', true, state, cut);
    this.#rebuilding = { request: this.#request, open };
  }

  askTestImages() {
    this.#send({ type: 'export-test-images', request: this.#next() });
  }

  /**
   * @param {Message} message
   * @param {State} state
   * @returns {boolean} Whether it was a file.
   */
  answered({ event, bulk }, { settings: { dataset } }) {
    const name = nameOf(event, dataset);
    if (name === null) return false;
    const file = new File([new Uint8Array(bulk.file)], name, { type: 'application/octet-stream' });
    if (event.type === 'exported' && event.request === this.#rebuilding?.request) this.#rebuilding.open(file);
    else this.onFile(file);
    return true;
  }

  #next() {
    this.#request += 1;
    return this.#request;
  }
}

/**
 * @param {Event} event
 * @param {string} dataset
 */
function nameOf(event, dataset) {
  if (event.type === 'exported') return networkName(dataset, event);
  return event.type === 'test-images' ? `pruning-playground-${dataset}-test-images.safetensors` : null;
}

/**
 * What to say of a network that was opened: whether it does as its file says, bit for bit, or by how much not.
 * @param {Extract<Event, {type: 'opened'}>} event
 * @returns {Pick<Notice, 'tone' | 'key' | 'values'>}
 */
export function noticeOf({ stored, sameImages, test }) {
  const now = { accuracy: test.accuracy, samples: test.samples, loss: test.loss };
  if (!stored) return notice('info', 'opened-unknown', now);
  const both = { ...now, stored: stored.accuracy, storedSamples: stored.samples, storedLoss: stored.loss };
  if (!sameImages) return notice('warning', 'opened-elsewhere', both);
  if (stored.accuracy !== test.accuracy || stored.samples !== test.samples) return notice('warning', 'opened-differs', both);
  return notice('info', stored.loss === test.loss ? 'opened-same' : 'opened-close', both);
}

/**
 * @param {Notice['tone']} tone
 * @param {string} key
 * @param {Record<string, number>} numbers
 */
function notice(tone, key, numbers) {
  return { tone, key, values: Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, String(number)])) };
}
