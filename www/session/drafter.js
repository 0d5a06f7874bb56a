// What a network would be with the images at hand, asked before anything is begun: the latest that somebody thinks of counts.

import { presetOf } from '../model/presets.js';
import { runConfig } from '../model/settings.js';
import { CoreError } from './errors.js';
import { answer } from './gate.js';
import { Latest } from './latest.js';

/** @import {Command, NetworkInfo} from '../generated/protocol.d.ts' */
/** @import {Settings} from '../model/types.d.ts' */
/** @import {Asked} from './gate.js' */

/** Milliseconds for which nothing more is changed before it is asked. */
const PAUSE = 150;

/**
 * What came of a question.
 * @typedef {object} Drafted
 * @property {string} network That it is of.
 * @property {NetworkInfo | null} info null where it can't work.
 * @property {string | null} problem Why not, with the name of the layer.
 * @property {string | null} text It layer by layer; null where that is not known.
 */

export class Drafter {
  /** @type {Drafted | null} The last answer. */
  drafted = null;
  #latest = new Latest();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #wanted = '';
  /** Questions whose answers have not come. @type {Set<number>} */
  #open = new Set();
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

  /** The session or its worker is another, and its images may be. */
  reset() {
    clearTimeout(this.#timer);
    this.#latest.reset();
    this.#wanted = '';
    this.drafted = null;
  }

  /**
   * The answer for a network, null while there is none.
   * @param {string} network
   */
  of(network) {
    return this.drafted?.network === network ? this.drafted : null;
  }

  /**
   * Whether a command is one of these questions: what comes of it is nobody else's concern.
   * @param {number} command
   */
  owns(command) {
    return this.#open.has(command);
  }

  /**
   * Asks, unless this has been asked already.
   * @param {Settings} settings
   * @param {string} network
   */
  ask(settings, network) {
    const config = runConfig({ ...settings, network });
    const key = JSON.stringify([config.dataset, config.noise, config.trainLimit, network, config.widths]);
    if (key === this.#wanted) return;
    this.#wanted = key;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#put(key, { type: 'draft', config }), PAUSE);
  }

  /**
   * @param {string} key
   * @param {Extract<Command, {type: 'draft'}>} command
   */
  #put(key, command) {
    const { network } = command.config;
    const asked = this.#latest.ask([key], () => this.#opened(command), (messages) => {
      const info = answer(messages, 'drafted')?.event.network ?? null;
      this.#take({ network, info, problem: null, text: info?.text ?? null });
    }, { replace: true });
    asked?.catch((error) => {
      if (!this.#latest.isLatest(asked.id)) return;
      if (error instanceof CoreError && error.code !== 'cancelled') this.#failed(command, error.message);
      // Its worker is gone: it is asked again.
      else this.#wanted = '';
    });
  }

  /** @param {Command} command */
  #opened(command) {
    const asked = this.#ask(command);
    this.#open.add(asked.id);
    const settled = () => { this.#open.delete(asked.id); };
    asked.then(settled, settled);
    return asked;
  }

  /**
   * What a preset consists of can be changed all the same: it is asked with images on which every preset works.
   * @param {Extract<Command, {type: 'draft'}>} command
   * @param {string} problem
   */
  async #failed({ config }, problem) {
    const { network } = config;
    this.#take({ network, info: null, problem, text: presetOf(network) ? null : network });
    if (!presetOf(network) || config.dataset === 'shapes') return;
    const messages = await this.#opened({ type: 'draft', config: { ...config, dataset: 'shapes' } }).catch(() => []);
    const text = answer(messages, 'drafted')?.event.network.text ?? null;
    if (text !== null && this.drafted?.network === network && this.drafted.problem === problem) this.#take({ ...this.drafted, text });
  }

  /** @param {Drafted} drafted */
  #take(drafted) {
    this.drafted = drafted;
    this.#invalidate();
  }
}
