// The pruning method as the page's settings say it: what goes with what, and what the core is told.

/** @import {Criterion, Granularity, Method} from '../generated/protocol.d.ts' */
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
    ...(settings.normalise && mayNormalise(settings) && { normalise: true }),
  };
}

/**
 * Whether dividing by the mean of the layer means anything: filters are ranked over all layers.
 * @param {Pick<Settings, 'granularity' | 'scope'>} settings
 */
export function mayNormalise({ granularity, scope }) {
  return granularity === 'filter' && scope === 'global';
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
    normalise: method.normalise ?? false,
  };
}

/**
 * A text that two methods share only where they rank alike.
 * @param {Method} method
 */
export function methodKey({ criterion, scope, granularity, scoreBatch, spareClassifier, neverEmpty, normalise = false }) {
  return [criterion, scope, granularity, scoreBatch, spareClassifier, neverEmpty, normalise].join(' ');
}

/**
 * @param {Method} a
 * @param {Method} b
 */
export function sameMethod(a, b) {
  return methodKey(a) === methodKey(b);
}

/**
 * Which scores are compared where nothing else is chosen: of filters those of a layer (Li et al., ICLR 2017).
 * @param {Granularity} granularity
 * @returns {Method['scope']}
 */
export function usualScope(granularity) {
  return granularity === 'filter' ? 'layer' : 'global';
}

/**
 * Which scores were compared, in one word.
 * @param {Method} method
 */
export function scopeOf({ scope, normalise }) {
  return normalise ? /** @type {const} */ ('global-normalised') : scope;
}

/**
 * A criterion of filters can only cut filters: the setting that was changed last is kept and the other follows. So does the
 * scope, to the one that is usual for what is cut.
 * @param {Settings} settings
 * @param {Settings} [before] What they were, to tell which one was changed.
 * @param {boolean} [scopeChosen] Whether the scope is a choice, which stays.
 * @returns {{settings: Settings, notice: 'granularity-follows' | 'criterion-follows' | null}}
 */
export function compatible(settings, before, scopeChosen = true) {
  const fitting = fit(settings, before);
  const { granularity } = fitting.settings;
  if (scopeChosen || !before || usualScope(granularity) === usualScope(before.granularity)) return fitting;
  return { ...fitting, settings: { ...fitting.settings, scope: usualScope(granularity) } };
}

/**
 * @param {Settings} settings
 * @param {Settings} [before]
 * @returns {ReturnType<typeof compatible>}
 */
function fit(settings, before) {
  if (settings.granularity === 'filter' || !scoresFilters(settings.criterion)) return { settings, notice: null };
  const recut = before?.criterion === settings.criterion && before.granularity !== settings.granularity;
  return recut
    ? { settings: { ...settings, criterion: 'magnitude' }, notice: 'criterion-follows' }
    : { settings: { ...settings, granularity: 'filter' }, notice: 'granularity-follows' };
}
