// The race of methods and the scan of layers beside the page's own session: one at a time, in a worker of its own.

import { NO_RACE, reduceRace } from '../model/race.js';
import { NO_SCAN, reduceScan } from '../model/scan.js';
import { Conversation } from './conversation.js';
import { Ended } from './errors.js';
import { runRace, runScan } from './race-runner.js';

/** @import {Race, RaceEvent, RaceOptions} from '../model/race.js' */
/** @import {Scan, ScanEvent, ScanSubject} from '../model/scan.js' */

/** @typedef {'race' | 'scan'} Tab */

export class Comparison {
  /** @type {Race} */
  race = NO_RACE;
  /** @type {Scan} */
  scan = NO_SCAN;
  open = false;
  /** @type {Tab} */
  tab = 'race';
  /** @type {Conversation | null} */
  #talk = null;
  #invalidate;

  /** @param {() => void} invalidate Asks for a render in the next frame. */
  constructor(invalidate) {
    this.#invalidate = invalidate;
  }

  get busy() {
    return this.#talk !== null;
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

  /**
   * @param {RaceOptions} options
   * @param {File[]} files Of the data set, where it comes from files.
   */
  async startRace(options, files) {
    if (this.#talk) return;
    const tell = (/** @type {RaceEvent} */ event) => {
      this.race = reduceRace(this.race, event);
      this.#invalidate();
    };
    tell({ type: 'begin', options });
    await this.#carryOut((talk) => runRace(talk, options, files, tell), tell);
  }

  /**
   * @param {ScanSubject} subject
   * @param {File[]} files
   */
  async startScan(subject, files) {
    if (this.#talk) return;
    const tell = (/** @type {ScanEvent} */ event) => {
      this.scan = reduceScan(this.scan, event);
      this.#invalidate();
    };
    tell({ type: 'begin', subject });
    await this.#carryOut((talk) => runScan(talk, subject, files, tell), tell);
  }

  /** Ends what is going on; what was measured stays. */
  cancel() {
    this.#talk?.end();
  }

  /**
   * @param {(talk: Conversation) => Promise<void>} job
   * @param {(event: {type: 'ended', stage: 'done' | 'cancelled' | 'failed', message?: string}) => void} tell
   */
  async #carryOut(job, tell) {
    const talk = new Conversation();
    this.#talk = talk;
    /** @type {Parameters<typeof tell>[0]} */
    let end = { type: 'ended', stage: 'done' };
    try {
      await talk.start();
      await job(talk);
    } catch (error) {
      end = error instanceof Ended
        ? { type: 'ended', stage: 'cancelled' }
        : { type: 'ended', stage: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
    talk.end();
    this.#talk = null;
    tell(end);
  }
}
