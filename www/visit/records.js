// The records of one place in this browser: one for each visit that has made something, so that no tab and no iframe overwrites another's.

import { fromRecord, toRecord } from './kept.js';

/** @import {Kept} from '../state/types.d.ts' */

/** So many records of a place are kept. */
const MOST = 5;

/**
 * What is asked of a store.
 * @typedef {object} Shelf
 * @property {() => Promise<IDBValidKey[]>} keys
 * @property {(keys: IDBValidKey[]) => Promise<unknown[]>} getMany
 * @property {(key: IDBValidKey, value: unknown) => Promise<void>} set
 * @property {(keys: IDBValidKey[]) => Promise<void>} delMany
 */

/**
 * A record that was found. `brief`: its network was trained for a moment only, while an earlier one was on offer.
 * @typedef {{key: IDBValidKey, kept: Kept, brief: boolean}} Found
 */

/** Remembers in a tab which record it has written last, from one load of the page to the next. @typedef {Pick<Storage, 'getItem' | 'setItem'>} Tab */

export class Records {
  #shelf;
  #place;
  #before;
  #tab;
  #own;
  #tidied = false;

  /**
   * @param {Shelf} shelf
   * @param {string} place Names the place on this site whose records they are.
   * @param {string} before The key of the only record that such a place once had.
   * @param {Tab | null} [tab]
   * @param {string} [visit] Names this visit, as no other is.
   */
  constructor(shelf, place, before, tab = null, visit = newName()) {
    this.#shelf = shelf;
    this.#place = place;
    this.#before = before;
    this.#tab = tab;
    this.#own = [place, visit];
  }

  /**
   * The record to offer, of those that can be read: this tab's own, else the newest; one that took a moment only where there is no other.
   * @param {number} now Milliseconds since 1970.
   * @returns {Promise<Found | null>}
   */
  async look(now) {
    await this.#takeOver();
    const found = await this.#all(now);
    const lasting = found.filter(({ brief }) => !brief);
    const choice = lasting.length > 0 ? lasting : found;
    const last = this.#tab?.getItem(this.#slot) ?? null;
    return choice.find(({ key }) => Array.isArray(key) && key[1] === last) ?? choice[0] ?? null;
  }

  /**
   * Writes this visit's record, over what it has written before.
   * @param {Kept} kept
   * @param {boolean} brief
   * @param {IDBValidKey | null} continued The record that it goes on from, which it takes the place of.
   */
  async write(kept, brief, continued) {
    await this.#shelf.set(this.#own, { ...toRecord(kept), brief });
    this.#tab?.setItem(this.#slot, this.#own[1]);
    if (continued) await this.#shelf.delMany([continued]);
    if (!this.#tidied) await this.#tidy(kept.savedAt);
    this.#tidied = true;
  }

  /** Deletes all records of the place. */
  async forget() {
    await this.#shelf.delMany([...await this.#keys(), this.#before]);
  }

  get #slot() {
    return `pruning-playground ${this.#place}`;
  }

  /** Keys of the place's records, in any order. */
  async #keys() {
    return (await this.#shelf.keys()).filter((key) => Array.isArray(key) && key[0] === this.#place);
  }

  /**
   * What can be read, the newest first.
   * @param {number} now
   * @returns {Promise<Found[]>}
   */
  async #all(now) {
    const keys = await this.#keys();
    const records = await this.#shelf.getMany(keys);
    return keys.flatMap((key, i) => {
      const kept = fromRecord(records[i], now);
      return kept ? [{ key, kept, brief: /** @type {{brief?: unknown}} */ (records[i]).brief === true }] : [];
    }).sort((a, b) => b.kept.savedAt - a.kept.savedAt);
  }

  /** A place had one record only, which all its tabs and iframes wrote: it becomes one of those that are kept now. */
  async #takeOver() {
    if (!(await this.#shelf.keys()).includes(this.#before)) return;
    const [record] = await this.#shelf.getMany([this.#before]);
    await this.#shelf.set([this.#place, 'before'], record);
    await this.#shelf.delMany([this.#before]);
  }

  /**
   * Deletes what is too much: first what can't be read, then what took a moment only, then the oldest.
   * @param {number} now
   */
  async #tidy(now) {
    const found = (await this.#all(now)).filter(({ key }) => !this.#isOwn(key));
    const kept = [...found.filter(({ brief }) => !brief), ...found.filter(({ brief }) => brief)].slice(0, MOST - 1).map(({ key }) => String(key));
    const others = (await this.#keys()).filter((key) => !this.#isOwn(key) && !kept.includes(String(key)));
    if (others.length > 0) await this.#shelf.delMany(others);
  }

  /** @param {IDBValidKey} key */
  #isOwn(key) {
    return Array.isArray(key) && key[1] === this.#own[1];
  }
}

function newName() {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
}

/** @typedef {Pick<Window, 'location' | 'parent' | 'self' | 'name' | 'document'>} Scope */

/**
 * The names of the place of an element: that of its records, and that of the one record that there once was.
 * @param {Element} element
 * @param {Scope} scope
 */
export function placeOf(element, scope = window) {
  const name = element.getAttribute('remember') ?? '';
  const before = `${scope.location.pathname}#${name}`;
  // Elements of one name are told apart by their order.
  /** @type {Element[]} */
  const all = [...scope.document.querySelectorAll('pruning-playground')];
  const alike = all.filter((other) => (other.getAttribute('remember') ?? (other.hasAttribute('hash') ? '' : null)) === name);
  const order = alike.indexOf(element);
  return { before, place: `${before}${order > 0 ? `#${order}` : ''}${frameOf(scope)}` };
}

/**
 * Which iframe this is: by its name, else by its order, on the page that it is told to be on. Its address changes with the settings.
 * @param {Scope} scope
 */
function frameOf(scope) {
  const { parent, self } = scope;
  if (parent === self) return '';
  let order = 0;
  while (order < parent.length && parent[order] !== self) order += 1;
  return ` in ${scope.document.referrer.split(/[?#]/u)[0]} ${scope.name || order}`;
}
