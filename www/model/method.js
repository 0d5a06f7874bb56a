// The pruning method as the page's settings say it: what goes with what, and what the core is told.

/** @import {Criterion, Method} from '../generated/protocol.d.ts' */
/** @import {Settings} from './types.d.ts' */

/** Criteria that score filters as a whole. @type {ReadonlySet<Criterion>} */
const OF_FILTERS = new Set(['filter-l1', 'filter-l2', 'fpgm', 'activation']);

/** Criteria that look at training images. @type {ReadonlySet<Criterion>} */
const OF_IMAGES = new Set(['gradient', 'taylor', 'grasp', 'activation']);

/** @param {Criterion} criterion */
export function scoresFilters(criterion) {
  return OF_FILTERS.has(criterion);
}

/** @param {Criterion} criterion */
export function looksAtImages(criterion) {
  return OF_IMAGES.has(criterion);
}

/**
 * @param {Settings} settings
 * @returns {Method}
 */
export function methodOf(settings) {
  return {
    criterion: settings.criterion,
    scope: settings.scope === 'hand' ? 'global' : settings.scope,
    granularity: settings.granularity,
    scoreBatch: settings['score-batch'],
    spareClassifier: settings['spare-classifier'],
    neverEmpty: settings['never-empty'],
  };
}

/**
 * Settings with those of a method that the core has.
 * @param {Settings} settings
 * @param {Method} method
 * @returns {Settings}
 */
export function withMethod(settings, method) {
  return {
    ...settings,
    criterion: method.criterion,
    scope: settings.scope === 'hand' && method.scope === 'global' ? 'hand' : method.scope,
    granularity: method.granularity,
    'score-batch': method.scoreBatch,
    'spare-classifier': method.spareClassifier,
    'never-empty': method.neverEmpty,
  };
}

/**
 * A text that two methods share only where they rank alike.
 * @param {Method} method
 */
export function methodKey({ criterion, scope, granularity, scoreBatch, spareClassifier, neverEmpty }) {
  return [criterion, scope, granularity, scoreBatch, spareClassifier, neverEmpty].join(' ');
}

/**
 * @param {Method} a
 * @param {Method} b
 */
export function sameMethod(a, b) {
  return methodKey(a) === methodKey(b);
}

/**
 * A criterion of filters can only cut filters: the setting that was changed last is kept and the other follows.
 * @param {Settings} settings
 * @param {Settings} [before] What they were, to tell which one was changed.
 * @returns {{settings: Settings, notice: 'granularity-follows' | 'criterion-follows' | null}}
 */
export function compatible(settings, before) {
  if (settings.granularity === 'filter' || !scoresFilters(settings.criterion)) return { settings, notice: null };
  const recut = before?.criterion === settings.criterion && before.granularity !== settings.granularity;
  return recut
    ? { settings: { ...settings, criterion: 'magnitude' }, notice: 'criterion-follows' }
    : { settings: { ...settings, granularity: 'filter' }, notice: 'granularity-follows' };
}
