// Training recipes as data: the ones that come with the page, what can be set in each, and reading one from a file.

import { CRITERIA } from './settings.js';

/** @import {Distillation, Method, Plan} from '../generated/protocol.d.ts' */
/** @import {RecipeFile, RecipeId} from './types.d.ts' */

/** As in recipes/*.json. @type {Readonly<Record<RecipeId, RecipeFile>>} */
export const RECIPES = Object.freeze({
  'one-shot': {
    name: 'One-shot magnitude',
    plan: { kind: 'one-shot', train: 800, sparsity: 0.8, fineTune: 400 },
  },
  iterative: {
    name: 'Iterative magnitude',
    plan: { kind: 'iterative', train: 800, rate: 0.3, rounds: 6, fineTune: 200 },
  },
  gradual: {
    name: 'Gradual (Zhu & Gupta)',
    plan: { kind: 'gradual', train: 800, to: 0.9, cuts: 20, every: 40, fineTune: 200 },
  },
  'lottery-ticket': {
    name: 'Lottery ticket',
    plan: { kind: 'lottery-ticket', train: 800, rate: 0.3, rounds: 5, rewindTo: 0, control: 'none' },
  },
  'lottery-ticket-reinitialised': {
    name: 'Lottery ticket, other initial weights',
    plan: { kind: 'lottery-ticket', train: 800, rate: 0.3, rounds: 5, rewindTo: 0, control: 'reinitialise' },
  },
  'lottery-ticket-random-mask': {
    name: 'Lottery ticket, random masks',
    plan: { kind: 'lottery-ticket', train: 800, rate: 0.3, rounds: 5, rewindTo: 0, control: 'random-mask' },
  },
  snip: {
    name: 'SNIP, before training',
    method: { criterion: 'taylor', scoreBatch: 1024 },
    plan: { kind: 'before-training', sparsity: 0.8, train: 800 },
  },
  synflow: {
    name: 'SynFlow, before training',
    method: { criterion: 'synflow' },
    plan: { kind: 'before-training', sparsity: 0.8, train: 800 },
  },
  distil: {
    name: 'One-shot, fine-tuned against the dense network',
    plan: { kind: 'one-shot', train: 800, sparsity: 0.9, fineTune: 400 },
    distil: { alpha: 0.1, temperature: 4 },
  },
});

/** A recipe's file is a few hundred bytes; what is much larger is something else. */
export const FILE_LIMIT = 100_000;

/** More steps in all than anybody waits for, as in the core. */
const MOST_STEPS = 10_000_000;

/** The method where a file names a part of it, as in the core. @type {Method} */
const DEFAULT_METHOD = { criterion: 'magnitude', scope: 'global', granularity: 'weight', scoreBatch: 256, spareClassifier: false, neverEmpty: false };

/**
 * A number of a recipe. `share` is 0 to 1 and shown in percent.
 * @typedef {{name: string, kind: 'share' | 'steps' | 'count' | 'number', min: number, max: number, initial?: number}} Field
 */

/** @type {(name: string, initial?: number) => Field} */
const steps = (name, initial) => ({ name, kind: 'steps', min: 0, max: MOST_STEPS, initial });
/** @type {(name: string) => Field} */
const share = (name) => ({ name, kind: 'share', min: 0, max: 1 });
/** @type {(name: string) => Field} */
const count = (name) => ({ name, kind: 'count', min: 1, max: 1000 });

/** @type {Readonly<Record<Plan['kind'], readonly Field[]>>} */
export const PLAN_FIELDS = Object.freeze({
  'one-shot': [steps('train'), share('sparsity'), steps('fineTune')],
  iterative: [steps('train'), share('rate'), count('rounds'), steps('fineTune')],
  gradual: [steps('train'), share('to'), count('cuts'), steps('every'), steps('fineTune')],
  'lottery-ticket': [steps('train'), share('rate'), count('rounds'), steps('rewindTo', 0)],
  'before-training': [share('sparsity'), steps('train')],
});

/** @type {readonly Field[]} */
export const DISTIL_FIELDS = Object.freeze([
  { name: 'alpha', kind: 'number', min: 0, max: 1, initial: 0.1 },
  { name: 'temperature', kind: 'number', min: 1, max: 20, initial: 4 },
]);

/** @type {Readonly<Record<keyof Method, readonly string[] | 'flag' | 'count'>>} */
const METHOD_FIELDS = Object.freeze({
  criterion: CRITERIA, scope: ['global', 'layer'], granularity: ['weight', 'filter', '2:4'],
  scoreBatch: 'count', spareClassifier: 'flag', neverEmpty: 'flag', normalise: 'flag',
});

/** Kinds of layers that rounds can cut at rates of their own. */
const RATE_FIELDS = ['conv', 'linear', 'output'];
/** Plans that go by rounds. */
const IN_ROUNDS = ['iterative', 'lottery-ticket'];

const CONTROLS = ['none', 'reinitialise', 'random-mask'];

/** Why a text is no recipe: the place in it, and what belongs there in signs. */
export class RecipeFault extends Error {
  /**
   * @param {string} field
   * @param {string} expected
   */
  constructor(field, expected) {
    super(`${field}: ${expected}`);
    this.field = field;
    this.expected = expected;
  }
}

/**
 * Reads a recipe, as docs/recipe.schema.json describes it and the core takes it.
 * @param {string} text JSON
 * @returns {RecipeFile} With every field that has a default.
 * @throws {SyntaxError} where it is no JSON.
 * @throws {RecipeFault} where it is no recipe.
 */
export function readRecipe(text) {
  const recipe = object(JSON.parse(text), 'recipe', ['name', 'method', 'plan', 'distil']);
  if (typeof recipe.name !== 'string') throw new RecipeFault('name', '"…"');
  const plan = readPlan(recipe.plan);
  /** @type {RecipeFile} */
  const read = { name: recipe.name, plan };
  if (recipe.method !== undefined) read.method = readMethod(recipe.method);
  // An optional field may be null in JSON.
  if (recipe.distil !== undefined && recipe.distil !== null) read.distil = readDistil(recipe.distil);
  const all = stepsOf(plan);
  if (all < 1 || all > MOST_STEPS) throw new RecipeFault('plan', `Σ = 1 … ${MOST_STEPS}`);
  return read;
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {readonly string[]} names The fields that it may have.
 * @returns {Record<string, unknown>}
 */
function object(value, place, names) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RecipeFault(place, '{…}');
  const stranger = Object.keys(value).find((name) => !names.includes(name));
  if (stranger !== undefined) throw new RecipeFault(`${place}.${stranger}`, names.join(' | '));
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @param {unknown} value
 * @returns {Plan}
 */
function readPlan(value) {
  const kinds = Object.keys(PLAN_FIELDS);
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  const fields = typeof kind === 'string' && kinds.includes(kind) ? PLAN_FIELDS[/** @type {Plan['kind']} */ (kind)] : null;
  if (!fields) throw new RecipeFault('plan.kind', kinds.join(' | '));
  const ticket = kind === 'lottery-ticket';
  const plan = object(value, 'plan', ['kind', ...fields.map(({ name }) => name), ...(ticket ? ['control'] : []), ...(IN_ROUNDS.includes(String(kind)) ? ['rates'] : [])]);
  /** @type {Record<string, unknown>} */
  const read = { kind, ...readNumbers(plan, fields, 'plan') };
  if (ticket) read.control = choice('control' in plan ? plan.control : 'none', CONTROLS, 'plan.control');
  if (plan.rates !== undefined && plan.rates !== null) read.rates = readRates(plan.rates);
  if (Number(read.rewindTo) > Number(read.train)) throw new RecipeFault('plan.rewindTo', `0 … ${read.train}`);
  return /** @type {Plan} */ (read);
}

/**
 * What each round cuts of each kind of layer; those left out go at the plan's rate.
 * @param {unknown} value
 */
function readRates(value) {
  const rates = object(value, 'plan.rates', RATE_FIELDS);
  const given = RATE_FIELDS.filter((name) => rates[name] !== undefined && rates[name] !== null);
  return readNumbers(rates, given.map(share), 'plan.rates');
}

/**
 * @param {Record<string, unknown>} from
 * @param {readonly Field[]} fields
 * @param {string} place
 * @returns {Record<string, number>}
 */
function readNumbers(from, fields, place) {
  return Object.fromEntries(fields.map((field) => {
    const value = field.name in from ? from[field.name] : field.initial;
    if (!inRange(field, value)) throw new RecipeFault(`${place}.${field.name}`, `${field.min} … ${field.max}`);
    return [field.name, Number(value)];
  }));
}

/**
 * Whether a number can stand in a field.
 * @param {Field} field
 * @param {unknown} value
 */
function inRange({ kind, min, max }, value) {
  const whole = kind === 'steps' || kind === 'count';
  return typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
}

/**
 * @param {unknown} value
 * @param {readonly string[]} choices
 * @param {string} place
 */
function choice(value, choices, place) {
  if (typeof value !== 'string' || !choices.includes(value)) throw new RecipeFault(place, choices.join(' | '));
  return value;
}

/**
 * @param {unknown} value
 * @returns {Method}
 */
function readMethod(value) {
  const method = object(value, 'method', Object.keys(METHOD_FIELDS));
  for (const [name, field] of Object.entries(METHOD_FIELDS)) {
    const given = method[name];
    const place = `method.${name}`;
    if (given === undefined) continue;
    if (field === 'flag' && typeof given !== 'boolean') throw new RecipeFault(place, 'true | false');
    else if (field === 'count' && !inRange({ name, kind: 'count', min: 0, max: 4294967295 }, given)) throw new RecipeFault(place, '0 … 4294967295');
    else if (typeof field === 'object') choice(given, field, place);
  }
  return { ...DEFAULT_METHOD, ...method };
}

/**
 * @param {unknown} value
 * @returns {Distillation}
 */
function readDistil(value) {
  const distil = object(value, 'distil', DISTIL_FIELDS.map(({ name }) => name));
  return /** @type {any} */ (readNumbers(distil, DISTIL_FIELDS, 'distil'));
}

/**
 * Training steps of a plan in all.
 * @param {Plan} plan
 */
export function stepsOf(plan) {
  switch (plan.kind) {
    case 'one-shot': return plan.train + plan.fineTune;
    case 'iterative': return plan.train + plan.rounds * plan.fineTune;
    case 'gradual': return plan.train + plan.cuts * plan.every + plan.fineTune;
    case 'before-training': return plan.train;
    case 'lottery-ticket': {
      const again = plan.train - plan.rewindTo;
      // Other weights have not been trained to the step that the others are rewound to.
      const last = plan.control === 'reinitialise' ? plan.train : again;
      return plan.train + (plan.rounds - 1) * again + last;
    }
    default: return 0;
  }
}

/**
 * The share of the weights that is cut in the end.
 * @param {Plan} plan
 */
export function sparsityOf(plan) {
  if (plan.kind === 'gradual') return plan.to;
  return 'rate' in plan ? 1 - (1 - plan.rate) ** plan.rounds : plan.sparsity;
}

/**
 * A recipe complete with the method by which it will cut: its own, else the page's.
 * @param {RecipeFile} recipe
 * @param {Method} method
 */
export function withOwnMethod({ name, method: own, plan, distil }, method) {
  return { name, method: own ? { ...DEFAULT_METHOD, ...own } : method, plan, ...(distil && { distil }) };
}

/**
 * A recipe as the text of a file.
 * @param {RecipeFile} recipe
 */
export function recipeText(recipe) {
  return `${JSON.stringify(recipe, null, 2)}\n`;
}
