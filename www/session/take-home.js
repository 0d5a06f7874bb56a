// The network in hand as files to take home: asks the core for them, and says what came of a network that was opened.

import { networkName } from '../model/file-names.js';
import { recipeNow } from '../model/own-recipe.js';
import { place } from '../place.js';
import { CoreError, Ended } from './errors.js';
import { answer } from './gate.js';

/** @import {Command, Event, ExportFormat} from '../generated/protocol.d.ts' */
/** @import {Cut} from '../model/ranking.js' */
/** @import {Notice, State} from '../state/types.d.ts' */
/** @import {Asked} from './gate.js' */

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
  #ask;
  #refuse;

  /**
   * @param {(command: Command) => Asked} ask
   * @param {() => void} refuse Is told where the trainer has ended before a file was made.
   */
  constructor(ask, refuse) {
    this.#ask = ask;
    this.#refuse = refuse;
  }

  /**
   * @param {ExportFormat} format
   * @param {{compacted: boolean, fold: boolean}} how `compacted`: without the filters that are removed. `fold`: of ONNX, batch
   *   normalisation in the convolutions before it.
   * @param {State} state
   * @param {Cut | null} cut
   */
  askNetwork(format, how, state, cut) {
    return this.#fetch(networkCommand(format, how, state, cut), state, (file) => this.onFile(file));
  }

  /**
   * Asks for the network without its removed filters, to be opened here and now.
   * @param {State} state
   * @param {Cut | null} cut
   * @param {(file: File) => void} open
   */
  rebuild(state, cut, open) {
    return this.#fetch(networkCommand('safetensors', { compacted: true, fold: false }, state, cut), state, open);
  }

  /** @param {State} state */
  askTestImages(state) {
    return this.#fetch({ type: 'export-test-images' }, state, (file) => this.onFile(file));
  }

  /**
   * @param {Command} command
   * @param {State} state
   * @param {(file: File) => void} give
   */
  #fetch(command, { settings: { dataset } }, give) {
    const asked = this.#ask(command);
    asked.then((messages) => {
      const made = answer(messages, 'exported') ?? answer(messages, 'test-images');
      const name = made && nameOf(made.event, dataset);
      if (name) give(new File([new Uint8Array(made.bulk.file)], name, { type: 'application/octet-stream' }));
    }, (error) => {
      // What the core says of it is told already.
      const told = error instanceof CoreError && error.code !== 'cancelled';
      if (!told && !(error instanceof Ended)) this.#refuse();
    });
    return asked;
  }
}

/**
 * @param {ExportFormat} format
 * @param {{compacted: boolean, fold: boolean}} how
 * @param {State} state
 * @param {Cut | null} cut
 * @returns {Command}
 */
function networkCommand(format, { compacted, fold }, state, cut) {
  const recipe = recipeNow(state, cut);
  return { type: 'export', format, compacted, ...(fold && format === 'onnx' && { fold }), ...(recipe && { recipe }) };
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
