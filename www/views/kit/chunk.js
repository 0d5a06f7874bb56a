// Code of what is folded away at first: it comes when that is opened, or before, once there is nothing better to do.

import { persistently } from '../../data/persistently.js';

/** @template T */
export class Chunk {
  /** @type {T | null} The module, once it is there. */
  module = null;
  /** @type {Promise<T> | null} */
  #coming = null;
  #ask;

  /** @param {() => Promise<T>} ask Imports it. */
  constructor(ask) {
    this.#ask = ask;
  }

  /**
   * @returns {Promise<T>} Rejects where it can't be loaded; asked again, it is tried again.
   */
  load() {
    this.#coming ??= this.#fetch();
    return this.#coming;
  }

  async #fetch() {
    try {
      this.module = await persistently(this.#ask);
      return this.module;
    } catch (error) {
      this.#coming = null;
      throw error;
    }
  }
}

/**
 * Loads all of them, one each time that the page is idle, so that they are there at once when they are wanted.
 * @param {Chunk<unknown>[]} chunks
 */
export async function loadWhenIdle(chunks) {
  for (const chunk of chunks) {
    await idle();
    // What failed is told to who opens it.
    await chunk.load().catch(() => {});
  }
}

/** A browser that does not say when it is idle is given this many milliseconds. */
const PAUSE = 200;

function idle() {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) window.requestIdleCallback(resolve);
    else setTimeout(resolve, PAUSE);
  });
}
