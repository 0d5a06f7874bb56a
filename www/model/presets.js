// Networks of the field's papers: what they are called, where they are from, the settings that were published with them. Their
// layers are the core's to know (src/net/presets.rs).

/** @import {RunConfig} from '../generated/protocol.d.ts' */
/** @import {Settings} from './types.d.ts' */

/**
 * @typedef {object} Preset
 * @property {string} name
 * @property {string} title
 * @property {string} source Who it is from, as it is cited.
 * @property {string} [trained] Whose settings these are, where they are not the source's.
 * @property {boolean} published Whether the settings are published ones, and not the page's own.
 * @property {number} weights With all its filters, on `on`.
 * @property {'MNIST' | 'CIFAR-10'} on
 * @property {Pick<Settings, 'optimiser' | 'learning-rate' | 'batch' | 'initialisation' | 'momentum' | 'weight-decay' | 'nesterov' | 'schedule' | 'drops' | 'augment'>} settings
 */

/** @type {(learningRate: number, batch: Settings['batch'], initialisation: Settings['initialisation']) => Preset['settings']} */
const adam = (learningRate, batch, initialisation) => ({
  optimiser: 'adam', 'learning-rate': learningRate, batch, initialisation, momentum: 0.9, 'weight-decay': 0, nesterov: false, schedule: 'constant', drops: [],
  augment: false,
});

/** @type {(learningRate: number, batch: Settings['batch'], initialisation: Settings['initialisation'], decay: number) => Preset['settings']} */
const sgd = (learningRate, batch, initialisation, decay) => ({ ...adam(learningRate, batch, initialisation), optimiser: 'sgd', 'weight-decay': decay });

/** @type {Preset['settings']} */
const SNIP = { ...sgd(0.1, 100, 'glorot-normal', 5e-4), schedule: 'steps', drops: [25_000, 50_000, 75_000] };
/** @type {Preset['settings']} */
const RESNET = { ...sgd(0.1, 128, 'he-normal', 1e-4), schedule: 'steps', drops: [32_000, 48_000], augment: true };

export const TWO_CONV = 'two-conv';
const LOTTERY = 'Frankle & Carbin 2019';

/** @type {readonly Preset[]} */
export const PRESETS = [
  { name: TWO_CONV, title: 'Two-Conv', source: '', published: false, weights: 9_064, on: 'MNIST', settings: adam(0.001, 32, 'he-normal') },
  { name: 'lenet-300-100', title: 'LeNet-300-100', source: 'LeCun et al. 1998', trained: LOTTERY, published: true, weights: 266_200, on: 'MNIST', settings: adam(0.0012, 60, 'glorot-normal') },
  { name: 'lenet-5', title: 'LeNet-5', source: 'LeCun et al. 1998, Caffe', trained: 'Lee et al. 2019 (SNIP)', published: true, weights: 430_500, on: 'MNIST', settings: SNIP },
  { name: 'lenet-5-relu', title: 'LeNet-5 ReLU', source: 'LeCun et al. 1998', trained: 'Lee et al. 2019 (SNIP)', published: true, weights: 430_500, on: 'MNIST', settings: SNIP },
  { name: 'conv-2', title: 'Conv-2', source: LOTTERY, published: true, weights: 4_300_992, on: 'CIFAR-10', settings: adam(0.0002, 60, 'glorot-normal') },
  { name: 'conv-4', title: 'Conv-4', source: LOTTERY, published: true, weights: 2_425_024, on: 'CIFAR-10', settings: adam(0.0003, 60, 'glorot-normal') },
  { name: 'conv-6', title: 'Conv-6', source: LOTTERY, published: true, weights: 2_261_184, on: 'CIFAR-10', settings: adam(0.0003, 60, 'glorot-normal') },
  { name: 'vgg-small', title: 'VGG-small', source: 'Simonyan & Zisserman 2015', published: false, weights: 287_840, on: 'CIFAR-10', settings: adam(0.001, 64, 'he-normal') },
  { name: 'resnet-20', title: 'ResNet-20 (A)', source: 'He et al. 2016', published: true, weights: 268_336, on: 'CIFAR-10', settings: RESNET },
  { name: 'resnet-20-b', title: 'ResNet-20 (B)', source: 'He et al. 2016', published: true, weights: 270_896, on: 'CIFAR-10', settings: RESNET },
  { name: 'mobile', title: 'MobileNet-small', source: 'Howard et al. 2017', published: false, weights: 35_680, on: 'CIFAR-10', settings: adam(0.001, 64, 'he-normal') },
];

/** By what the filters of each layer are divided. */
export const DIVISORS = [1, 2, 4, 8];

/**
 * The preset that a network is, and how narrow; null where it is written layer by layer.
 * @param {string} network
 * @returns {{preset: Preset, divisor: number} | null}
 */
export function presetOf(network) {
  const [name, divisor = '1', ...more] = network.split('/');
  const preset = PRESETS.find((each) => each.name === name);
  if (!preset || more.length > 0 || !DIVISORS.map(String).includes(divisor)) return null;
  return preset.name === TWO_CONV && divisor !== '1' ? null : { preset, divisor: Number(divisor) };
}

/**
 * @param {string} name
 * @param {number} divisor
 */
export function writtenOf(name, divisor) {
  return divisor === 1 || name === TWO_CONV ? name : `${name}/${divisor}`;
}

/**
 * Whether two configurations are of the same network.
 * @param {Pick<RunConfig, 'network' | 'widths'>} a
 * @param {Pick<RunConfig, 'network' | 'widths'>} b
 */
export function sameNetwork(a, b) {
  return a.network === b.network && String(a.widths) === String(b.widths);
}

/**
 * The settings of a preset that differ from those in hand.
 * @param {Settings} settings
 * @param {Preset} preset
 * @returns {Partial<Settings>}
 */
export function paperChanges(settings, preset) {
  return Object.fromEntries(Object.entries(preset.settings).filter(([name, value]) => String(settings[/** @type {keyof Settings} */ (name)]) !== String(value)
    // Without SGD, and where the rate doesn't drop, these do nothing.
    && (preset.settings.optimiser === 'sgd' || !OF_SGD.has(name)) && (preset.settings.schedule === 'steps' || name !== 'drops')));
}

export const OF_SGD = new Set(['momentum', 'weight-decay', 'nesterov']);
