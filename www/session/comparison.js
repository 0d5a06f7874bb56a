// The race of methods and the scan of layers beside the page's own session, as far as they are known: what carries them out comes when it
// is wanted (contest.js).

import { NO_RACE, NO_SCAN } from '../model/no-race.js';

/** @import {Race} from '../model/race.js' */
/** @import {Scan} from '../model/scan.js' */

/** @typedef {'race' | 'scan'} Tab */

export class Comparison {
  /** @type {Race} */
  race = NO_RACE;
  /** @type {Scan} */
  scan = NO_SCAN;
  open = false;
  /** @type {Tab} */
  tab = 'race';
  /** @type {{end: () => void} | null} What goes on, in a worker of its own. */
  #work = null;
  #invalidate;

  /** @param {() => void} invalidate Asks for a render in the next frame. */
  constructor(invalidate) {
    this.#invalidate = invalidate;
  }

  get busy() {
    return this.#work !== null;
  }

  /** @param {boolean} open */
  setOpen(open) {
    this.open = open;
    this.#invalidate();
  }

  /** @param {Tab} tab */
  choose(tab) {
    this.tab = tab;
    this.#invalidate();
  }

  /** @param {{end: () => void} | null} work null: it is over. */
  setWork(work) {
    this.#work = work;
  }

  /** @param {Race} race */
  setRace(race) {
    this.race = race;
    this.#invalidate();
  }

  /** @param {Scan} scan */
  setScan(scan) {
    this.scan = scan;
    this.#invalidate();
  }

  /** Ends what is going on; what was measured stays. */
  cancel() {
    this.#work?.end();
  }
}
