// Every setting of the page in one table: its name in URLs and attributes, its default, its range.
// Controls, the URL hash and the run's configuration are all read off this table.

import { methodOf } from './method.js';
import { fromAddress, inAddress } from './net-text.js';
import { OWN_FILE } from './own-file.js';

/** @import {Criterion, RunConfig, DatasetId} from '../generated/protocol.d.ts' */
/** @import {Settings, SettingName} from './types.d.ts' */

/**
 * How one setting is written, checked and shown.
 * @typedef {object} Setting
 * @property {SettingName} name
 * @property {'choice' | 'number' | 'integer' | 'flag' | 'text' | 'widths' | 'shares' | 'steps'} kind
 * @property {string | number | boolean | number[]} initial
 * @property {readonly (string | number)[]} [choices]
 * @property {number} [min]
 * @property {number} [max]
 * @property {boolean} [above] Whether `min` itself is out of range.
 * @property {boolean} run Whether a change begins a new run.
 * @property {boolean} shape Whether a change makes earlier checkpoints useless.
 */

/** @type {readonly Criterion[]} */
export const CRITERIA = ['magnitude', 'random', 'gradient', 'taylor', 'synflow', 'grasp', 'filter-l1', 'filter-l2', 'fpgm', 'activation'];

/** @type {readonly Setting[]} */
export const SETTINGS = Object.freeze([
  { name: 'dataset', kind: 'choice', initial: 'digits', choices: ['digits', 'shapes', 'cifar-10', 'mnist', 'fashion-mnist', 'own'], run: true, shape: true },
  { name: 'noise', kind: 'number', initial: 0.3, min: 0, max: 1, run: true, shape: true },
  { name: 'network', kind: 'text', initial: 'two-conv', max: 4000, run: true, shape: true },
  { name: 'widths', kind: 'widths', initial: [8, 16], min: 1, max: 256, run: true, shape: true },
  { name: 'batch', kind: 'choice', initial: 32, choices: [32, 60, 64, 100, 128], run: true, shape: false },
  { name: 'initialisation', kind: 'choice', initial: 'he-normal', choices: ['he-normal', 'glorot-normal', 'pytorch'], run: true, shape: false },
  { name: 'optimiser', kind: 'choice', initial: 'adam', choices: ['adam', 'sgd'], run: true, shape: false },
  { name: 'momentum', kind: 'number', initial: 0.9, min: 0, max: 0.999, run: true, shape: false },
  { name: 'weight-decay', kind: 'number', initial: 0, min: 0, max: 1, run: true, shape: false },
  { name: 'nesterov', kind: 'flag', initial: false, run: true, shape: false },
  { name: 'learning-rate', kind: 'number', initial: 0.001, min: 0, above: true, max: 1, run: true, shape: false },
  { name: 'seed', kind: 'integer', initial: 1, min: 0, max: 4294967295, run: true, shape: false },
  { name: 'train-limit', kind: 'integer', initial: 0, min: 0, max: 60000, run: true, shape: true },
  { name: 'schedule', kind: 'choice', initial: 'constant', choices: ['constant', 'steps', 'cosine'], run: true, shape: false },
  { name: 'drops', kind: 'steps', initial: [], min: 0, max: 4294967295, run: true, shape: false },
  { name: 'cosine-steps', kind: 'integer', initial: 10000, min: 1, max: 4294967295, run: true, shape: false },
  { name: 'warm-up', kind: 'integer', initial: 0, min: 0, max: 4294967295, run: true, shape: false },
  { name: 'fine-tuning-rate', kind: 'number', initial: 1, min: 0, above: true, max: 1, run: true, shape: false },
  { name: 'augment', kind: 'flag', initial: false, run: true, shape: false },
  { name: 'reestimate', kind: 'integer', initial: 0, min: 0, max: 60000, run: true, shape: false },
  { name: 'fine-tune-steps', kind: 'integer', initial: 0, min: 0, max: 100000, run: false, shape: false },
  { name: 'criterion', kind: 'choice', initial: 'magnitude', choices: CRITERIA, run: false, shape: false },
  { name: 'scope', kind: 'choice', initial: 'global', choices: ['global', 'layer', 'hand'], run: false, shape: false },
  { name: 'granularity', kind: 'choice', initial: 'weight', choices: ['weight', 'filter', '2:4'], run: false, shape: false },
  { name: 'score-batch', kind: 'integer', initial: 256, min: 0, max: 100000, run: false, shape: false },
  { name: 'spare-classifier', kind: 'flag', initial: false, run: false, shape: false },
  { name: 'never-empty', kind: 'flag', initial: false, run: false, shape: false },
  { name: 'normalise', kind: 'flag', initial: false, run: false, shape: false },
  { name: 'distil', kind: 'flag', initial: false, run: false, shape: false },
  { name: 'alpha', kind: 'number', initial: 0.1, min: 0, max: 1, run: false, shape: false },
  { name: 'temperature', kind: 'number', initial: 4, min: 1, max: 20, run: false, shape: false },
  { name: 'sparsity', kind: 'shares', initial: [0], min: 0, max: 1, run: false, shape: false },
  { name: 'workers', kind: 'integer', initial: 1, min: 0, max: 16, run: false, shape: false },
  { name: 'exchange', kind: 'choice', initial: 'synchronous', choices: ['synchronous', 'asynchronous'], run: false, shape: false },
  { name: 'staleness', kind: 'integer', initial: 2, min: -1, max: 1000, run: false, shape: false },
  { name: 'gradient-share', kind: 'number', initial: 1, min: 0, above: true, max: 1, run: false, shape: false },
  { name: 'straggler', kind: 'number', initial: 1, min: 1, max: 100, run: false, shape: false },
  { name: 'link', kind: 'number', initial: 0, min: 0, max: 1000000, run: false, shape: false },
  { name: 'backend', kind: 'choice', initial: 'auto', choices: ['auto', 'cpu', 'webgpu'], run: false, shape: false },
  { name: 'theme', kind: 'choice', initial: 'auto', choices: ['auto', 'light', 'dark'], run: false, shape: false },
  { name: 'lang', kind: 'choice', initial: 'auto', choices: ['auto', 'en', 'zh-CN'], run: false, shape: false },
  { name: 'autoplay', kind: 'choice', initial: 'auto', choices: ['auto', 'off'], run: false, shape: false },
]);

/** @type {readonly SettingName[]} Settings of the one who looks, which say nothing of an experiment. */
export const OF_THE_READER = ['backend', 'theme', 'lang', 'autoplay'];

/** Widths offered by name; any other pair within the range is "custom". */
export const WIDTH_PRESETS = /** @type {const} */ ([[8, 16], [16, 32], [32, 64], [64, 128]]);

/** Data sets whose images come from files. */
const FROM_FILES = new Set(['cifar-10', 'mnist', 'fashion-mnist', 'own']);

/** Layers that a network can have. */
const MOST_LAYERS = 300;

/** Steps at which a learning rate can drop. */
const MOST_DROPS = 16;

/** @param {string} dataset */
export function needsFiles(dataset) {
  return FROM_FILES.has(dataset);
}

/** @returns {Settings} */
export function defaults() {
  return /** @type {any} */ (Object.fromEntries(SETTINGS.map(({ name, initial }) => [name, initial])));
}

/**
 * The row of the table for a name.
 * @param {string} name
 */
export function setting(name) {
  return SETTINGS.find((row) => row.name === name);
}

/**
 * Reads a value as written in a URL or an attribute.
 * @param {Setting} row
 * @param {string} text
 * @returns {string | number | boolean | number[] | undefined} undefined where it is out of range or no such value.
 */
export function parse(row, text) {
  const trimmed = text.trim();
  if (row.kind === 'choice') return row.choices?.find((choice) => String(choice) === trimmed);
  // An attribute without a value is set, as in HTML.
  if (row.kind === 'flag') return trimmed === 'true' || trimmed === '' || (trimmed === 'false' ? false : undefined);
  if (row.kind === 'widths') {
    const parts = trimmed.split(/[,x×\s]+/u).map((part) => parseNumber(row, part, true));
    const [first, second, ...more] = parts;
    return first === undefined || second === undefined || more.length > 0 ? undefined : [first, second];
  }
  // What a network may say, the core knows.
  if (row.kind === 'text') return trimmed !== '' && trimmed.length <= (row.max ?? Infinity) ? fromAddress(trimmed) : undefined;
  if (row.kind === 'shares') return parseShares(row, trimmed);
  if (row.kind === 'steps') return parseSteps(row, trimmed);
  return parseNumber(row, trimmed, row.kind === 'integer');
}

/**
 * One for all layers, or by hand one for each.
 * @param {Setting} row
 * @param {string} text
 */
function parseShares(row, text) {
  const shares = text.split(',').map((part) => parseNumber(row, part, false)).filter((share) => share !== undefined);
  const whole = shares.length === text.split(',').length;
  return whole && shares.length <= MOST_LAYERS ? shares : undefined;
}

/**
 * Training steps, each later than the one before; none where nothing is written.
 * @param {Setting} row
 * @param {string} text
 */
function parseSteps(row, text) {
  const parts = text === '' ? [] : text.split(',').map((part) => parseNumber(row, part.trim(), true));
  const steps = parts.filter((step) => step !== undefined);
  const rise = steps.every((step, i) => i === 0 || step > steps[i - 1]);
  return rise && steps.length === parts.length && steps.length <= MOST_DROPS ? steps : undefined;
}

/**
 * @param {Setting} row
 * @param {string} text
 * @param {boolean} whole
 */
function parseNumber(row, text, whole) {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu.test(text)) return undefined;
  const value = Number(text);
  const { min = -Infinity, max = Infinity } = row;
  const inside = value <= max && (row.above ? value > min : value >= min);
  return inside && (!whole || Number.isInteger(value)) ? value : undefined;
}

/**
 * A value as it is written in a URL or an attribute.
 * @param {string | number | boolean | readonly number[]} value
 */
export function format(value) {
  return typeof value === 'object' ? value.join(',') : String(value);
}

/**
 * Settings from pairs of names and texts, over the defaults.
 * @param {Iterable<[string, string]>} pairs
 * @returns {{settings: Settings, rejected: {name: string, value: string}[]}} `rejected` holds what is unknown or out of range.
 */
export function fromPairs(pairs) {
  /** @type {any} */
  const settings = defaults();
  /** @type {{name: string, value: string}[]} */
  const rejected = [];
  for (const [name, text] of pairs) {
    const row = setting(name);
    const value = row && parse(row, text);
    if (value === undefined) rejected.push({ name, value: text });
    else settings[name] = value;
  }
  return { settings, rejected };
}

/**
 * Settings from a URL hash such as `#dataset=shapes&widths=16,32`.
 * @param {string} hash
 */
export function fromHash(hash) {
  return fromPairs(new URLSearchParams(hash.replace(/^#/u, '')));
}

/**
 * All settings as a URL hash; `fromHash` gives them back.
 * @param {Settings} settings
 */
export function toHash(settings) {
  const pairs = SETTINGS.map(({ name, kind }) => {
    const text = format(settings[name]);
    const written = encodeURIComponent(kind === 'text' ? inAddress(text) : text);
    return `${name}=${written.replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')}`;
  });
  return `#${pairs.join('&')}`;
}

/**
 * The part of the settings that decides what a run computes.
 * @param {Settings} settings
 * @returns {RunConfig}
 */
export function runConfig(settings) {
  return {
    dataset: settings.dataset,
    noise: settings.noise,
    network: settings.network,
    widths: settings.widths,
    batch: settings.batch,
    initialisation: settings.initialisation,
    optimiser: settings.optimiser,
    learningRate: settings['learning-rate'],
    momentum: settings.momentum,
    weightDecay: settings['weight-decay'],
    nesterov: settings.nesterov,
    seed: settings.seed,
    trainLimit: settings['train-limit'],
    schedule: settings.schedule,
    drops: settings.drops,
    cosineSteps: settings['cosine-steps'],
    warmUp: settings['warm-up'],
    fineTuningRate: settings['fine-tuning-rate'],
    augment: settings.augment,
    reestimate: settings.reestimate,
    method: methodOf(settings),
  };
}

/**
 * Settings with the part that a run tells of itself; the pruning method is the page's to choose.
 * @param {Settings} settings
 * @param {RunConfig} config
 * @returns {Settings}
 */
export function fromRunConfig(settings, config) {
  return {
    ...settings,
    dataset: config.dataset,
    // The core holds it in single precision, and 0.3 would come back as 0.30000001.
    noise: Number(config.noise.toPrecision(7)),
    network: config.network,
    widths: config.widths,
    initialisation: config.initialisation,
    optimiser: config.optimiser,
    momentum: config.momentum,
    'weight-decay': config.weightDecay,
    nesterov: config.nesterov,
    batch: /** @type {Settings['batch']} */ (config.batch),
    'learning-rate': config.learningRate,
    seed: config.seed,
    'train-limit': config.trainLimit,
    schedule: config.schedule,
    drops: config.drops,
    'cosine-steps': config.cosineSteps,
    'warm-up': config.warmUp,
    'fine-tuning-rate': config.fineTuningRate,
    augment: config.augment,
    reestimate: config.reestimate,
  };
}

/**
 * Whether two settings differ in a row for which `flag` holds.
 * @param {Settings} a
 * @param {Settings} b
 * @param {'run' | 'shape'} flag
 */
export function differ(a, b, flag) {
  return SETTINGS.some((row) => row[flag] && format(a[row.name]) !== format(b[row.name]));
}

/**
 * The data set that files belong to, by their names; the current one where the names don't say.
 * @param {readonly string[]} names
 * @param {DatasetId} current
 * @returns {DatasetId}
 */
export function datasetOfFiles(names, current) {
  const all = names.join(' ').toLowerCase();
  if (all.includes(OWN_FILE)) return 'own';
  if (all.includes('fashion')) return 'fashion-mnist';
  if (/idx\d|ubyte/u.test(all)) return current === 'fashion-mnist' ? current : 'mnist';
  if (/cifar|data_batch|test_batch/u.test(all)) return 'cifar-10';
  return needsFiles(current) ? current : 'cifar-10';
}
