// What a session lives through, from its first worker to its last: one state at a time, and which may follow which.

/** @import {Phase, Trouble} from '../state/types.d.ts' */

/** @typedef {'unstarted' | 'starting' | 'ready' | 'moving' | 'leaving' | 'restarting' | 'dead'} Stage */

/**
 * `start`: a worker, and nothing to go on from. `recover`: a worker that goes on from the last checkpoint. `begin`: it may be
 * asked. `move`: the session is on its way to another worker. `settle`: it has arrived there, or stays. `leave`: its worker is
 * asked for its last step, to be replaced. `end`: a person decides.
 * @typedef {'start' | 'recover' | 'begin' | 'move' | 'settle' | 'leave' | 'end'} Turn
 */

/** @type {Record<Stage, Partial<Record<Turn, Stage>>>} */
const WAYS = {
  unstarted: { start: 'starting', end: 'dead' },
  starting: { start: 'starting', begin: 'ready', end: 'dead' },
  ready: { start: 'starting', recover: 'restarting', move: 'moving', leave: 'leaving', end: 'dead' },
  moving: { recover: 'restarting', settle: 'ready', leave: 'leaving', end: 'dead' },
  leaving: { start: 'starting', recover: 'restarting', end: 'dead' },
  restarting: { start: 'starting', recover: 'restarting', begin: 'ready', end: 'dead' },
  dead: { start: 'starting', recover: 'restarting' },
};

/** @type {Record<Stage, Phase>} */
const PHASES = { unstarted: 'loading', starting: 'loading', ready: 'ready', moving: 'ready', leaving: 'ready', restarting: 'restarting', dead: 'dead' };

/**
 * The stage that follows; null where this can't come next.
 * @param {Stage} stage
 * @param {Turn} turn
 */
export function following(stage, turn) {
  return WAYS[stage][turn] ?? null;
}

/** @param {Stage} stage */
export function phaseOf(stage) {
  return PHASES[stage];
}

export class Life {
  /** @type {Stage} */
  stage = 'unstarted';
  /** @type {Trouble | null} What it is dead from. */
  trouble = null;
  #onChange;

  /** @param {(life: Life) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /**
   * @param {Turn} turn
   * @param {Trouble} [trouble] With `end`.
   * @returns {boolean} Whether that could come next.
   */
  go(turn, trouble) {
    const next = following(this.stage, turn);
    // A browser that can't will not be able to.
    if (next === null || this.trouble?.kind === 'unsupported') return false;
    this.stage = next;
    this.trouble = next === 'dead' ? trouble ?? { kind: 'worker-dead', values: {} } : null;
    this.#onChange(this);
    return true;
  }
}
