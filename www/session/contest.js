// Carries out the race of methods or the scan of layers: one at a time, in a worker of its own.

import { reduceRace } from '../model/race.js';
import { reduceScan } from '../model/scan.js';
import { Conversation } from './conversation.js';
import { Ended } from './errors.js';
import { runRace, runScan } from './race-runner.js';

/** @import {RaceEvent, RaceOptions} from '../model/race.js' */
/** @import {ScanEvent, ScanSubject} from '../model/scan.js' */
/** @import {Comparison} from './comparison.js' */

/**
 * @param {Comparison} comparison
 * @param {RaceOptions} options
 * @param {File[]} files Of the data set, where it comes from files.
 */
export async function startRace(comparison, options, files) {
  if (comparison.busy) return;
  const tell = (/** @type {RaceEvent} */ event) => comparison.setRace(reduceRace(comparison.race, event));
  tell({ type: 'begin', options });
  await carryOut(comparison, (talk) => runRace(talk, options, files, tell), tell);
}

/**
 * @param {Comparison} comparison
 * @param {ScanSubject} subject
 * @param {File[]} files
 */
export async function startScan(comparison, subject, files) {
  if (comparison.busy) return;
  const tell = (/** @type {ScanEvent} */ event) => comparison.setScan(reduceScan(comparison.scan, event));
  tell({ type: 'begin', subject });
  await carryOut(comparison, (talk) => runScan(talk, subject, files, tell), tell);
}

/**
 * @param {Comparison} comparison
 * @param {(talk: Conversation) => Promise<void>} job
 * @param {(event: {type: 'ended', stage: 'done' | 'cancelled' | 'failed', message?: string}) => void} tell
 */
async function carryOut(comparison, job, tell) {
  const talk = new Conversation();
  comparison.setWork(talk);
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
  comparison.setWork(null);
  tell(end);
}
