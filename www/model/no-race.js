// What there is before anything was raced or scanned.

/** @import {Race} from './race.js' */
/** @import {Scan} from './scan.js' */

const NONE = { ms: 0, count: 0 };

/** @type {Race} */
export const NO_RACE = Object.freeze({
  stage: 'idle', options: null, tasks: [], done: 0, remaining: null, rows: [], dense: [], failures: [],
  timing: { train: NONE, rank: NONE, preview: NONE, tune: NONE }, message: '',
});

/** @type {Scan} */
export const NO_SCAN = Object.freeze({ stage: 'idle', subject: null, cells: [], measured: [], message: '' });
