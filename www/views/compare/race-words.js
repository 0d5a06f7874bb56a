// How far a race has come and what it was about, in words.

import { methodFor, timeLeft } from '../../model/race.js';
import { networkName } from '../kit/layer-name.js';
import { rankedWords } from '../pruning/method-words.js';

/** @import {Race, RaceOptions} from '../../model/race.js' */
/** @import {View} from '../kit/view.d.ts' */

/**
 * @param {Race} race
 * @param {View} view
 */
export function progressOf(race, view) {
  const { t, format } = view;
  const { stage, done, tasks, message } = race;
  const values = { done: format.integer(done), total: format.integer(tasks.length) };
  if (stage === 'idle') return t('race-idle');
  if (stage === 'failed') return t('race-failed', { message });
  if (stage !== 'running') return [t(stage === 'done' ? 'race-done' : 'race-cancelled', values), failuresOf(race, view)].join(' ').trim();
  return [t('race-running', values), doing(race, view), left(race, view)].filter((words) => words !== '').join(' · ');
}

/**
 * @param {Race} race
 * @param {View} view
 */
function doing({ tasks, done, remaining, options }, { t, format }) {
  const task = tasks[done];
  if (!task) return '';
  const seed = String(task.seed);
  if (task.do !== 'train') return t(task.do === 'tune' ? 'race-tuning' : 'race-measuring', { method: t(`short-${task.method.criterion}`), seed });
  return remaining === null || !options
    ? t('race-preparing', { seed })
    : t('race-training', { seed, step: format.integer(options.steps - remaining), steps: format.integer(options.steps) });
}

/**
 * @param {Race} race
 * @param {View} view
 */
function left(race, { t, format }) {
  const ms = timeLeft(race);
  if (ms === null) return '';
  const seconds = Math.ceil(ms / 1000);
  return seconds < 100 ? t('race-seconds-left', { seconds: format.integer(seconds) }) : t('race-minutes-left', { minutes: format.integer(Math.ceil(seconds / 60)) });
}

/**
 * @param {Race} race
 * @param {View} view
 */
function failuresOf({ failures }, { t }) {
  return failures.map(({ criterion, seed, message }) => t('race-skipped', { method: t(`short-${criterion}`), seed: String(seed), message })).join(' ');
}

/**
 * @param {RaceOptions} options
 * @param {View} view
 */
export function setupOf({ config, criteria, seeds, steps, tuneSteps }, { t, format }) {
  const ranked = new Set(criteria.map((criterion) => rankedWords(methodFor(criterion, config.method), t)));
  return t(tuneSteps > 0 ? 'race-setup-tuned' : 'race-setup', {
    dataset: t(`dataset-${config.dataset}`), widths: networkName(config, { t, format }),
    seeds: Array.from({ length: seeds }, (_, i) => String((config.seed + i) % 2 ** 32)).join(', '),
    steps: format.integer(steps), tune: format.integer(tuneSteps), ranked: [...ranked].join('; '),
  });
}
