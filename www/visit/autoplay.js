// A first visitor sees a network train by itself for a moment; whatever a person does ends that at once.

import { OF_THE_READER, SETTINGS, defaults, needsFiles } from '../model/settings.js';

/** @import {Settings} from '../model/types.d.ts' */
/** @import {Session} from '../session/session.js' */

/** It trains until so many epochs are done, for some time at least and for some time at most; in milliseconds. */
const EPOCHS = 10;
const AT_LEAST = 2000;
const AT_MOST = 3000;
/** A longer silence of the worker was a wait, not training. */
const LONGEST_GAP = 250;

/**
 * What is known of a visit before anything has been done.
 * @typedef {object} Visit
 * @property {Settings} settings
 * @property {boolean} linked Whether the settings come from the address.
 * @property {boolean} returning Whether a state of an earlier visit is kept.
 * @property {boolean} reducedMotion
 * @property {boolean} saveData
 */

/**
 * Whether a network may train by itself. A link with settings of its own is an experiment, whose outcome may depend on
 * where it begins: it stays at rest.
 * @param {Visit} visit
 */
export function mayTrainAlone({ settings, linked, returning, reducedMotion, saveData }) {
  const wished = settings.autoplay === 'auto' && !reducedMotion && !saveData;
  return wished && !returning && !needsFiles(settings.dataset) && !(linked && isExperiment(settings));
}

/** @param {Settings} settings */
function isExperiment(settings) {
  const usual = defaults();
  return SETTINGS.some(({ name }) => !OF_THE_READER.includes(name) && String(settings[name]) !== String(usual[name]));
}

/**
 * Whether the training that nobody asked for has been long enough.
 * @param {number} time Milliseconds of it.
 * @param {number} epoch
 */
export function isEnough(time, epoch) {
  return time >= AT_MOST || (time >= AT_LEAST && epoch >= EPOCHS);
}

export class Autoplay {
  /** @type {'waiting' | 'asked' | 'training' | 'resting' | 'over'} */
  #stage = 'waiting';
  #session;
  #time = 0;
  #last = 0;
  /** @type {number | null} The state that it came to. */
  #made = null;
  #invites = false;

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** Whether it has just shown what there is to play with, and a person has not done anything yet. */
  get invites() {
    return this.#invites;
  }

  /**
   * Whether the state in hand is of its making, and not a person's.
   * @param {number | null} point
   */
  owns(point) {
    return this.#stage === 'asked' || this.#stage === 'training' || this.#stage === 'resting' || (point !== null && point === this.#made);
  }

  /**
   * Begins, where that may be and nothing has been done.
   * @param {Visit} visit
   */
  begin(visit) {
    if (this.#stage !== 'waiting') return;
    this.#stage = 'over';
    const { activity, config, training } = this.#session.state;
    if (!config || activity !== 'idle' || training.step > 0 || !mayTrainAlone(visit)) return;
    this.#stage = 'asked';
    this.#session.run();
  }

  /** To be called when the worker has told something. */
  update() {
    const { activity, training, currentPoint } = this.#session.state;
    const now = performance.now();
    if (this.#stage === 'asked' && activity === 'training') {
      this.#stage = 'training';
    } else if (this.#stage === 'training') {
      this.#time += Math.min(now - this.#last, LONGEST_GAP);
      if (activity !== 'training') this.#stage = 'over';
      else if (isEnough(this.#time, training.epoch)) this.#rest();
    } else if (this.#stage === 'resting' && activity === 'idle' && currentPoint !== null) {
      this.#stage = 'over';
      this.#made = currentPoint;
      this.#invites = true;
      this.#session.store.invalidate();
    }
    this.#last = now;
  }

  #rest() {
    this.#stage = 'resting';
    this.#session.pause();
  }

  /** A person does something about the training itself: it is theirs from here. */
  giveWay() {
    this.#stage = 'over';
    this.#stopInviting();
  }

  /** A person does something else: they find the network at rest. */
  makeRoom() {
    if (this.#stage === 'asked' || this.#stage === 'training') this.#session.pause();
    this.giveWay();
  }

  #stopInviting() {
    if (!this.#invites) return;
    this.#invites = false;
    this.#session.store.invalidate();
  }
}
