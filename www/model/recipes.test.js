import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { recipeFromFile } from '../data/recipe-file.js';
import en from '../words/words-en.js';
import { methodOf } from './method.js';
import { DISTIL_FIELDS, PLAN_FIELDS, RECIPES, RecipeFault, readRecipe, recipeText, sparsityOf, stepsOf, withOwnMethod } from './recipes.js';
import { defaults } from './settings.js';

const FOLDER = new URL('../../recipes/', import.meta.url);
const METHOD = methodOf(defaults());
const recipe = (plan, rest = {}) => ({ name: 'r', plan, ...rest });
const oneShot = { kind: 'one-shot', train: 10, sparsity: 0.5, fineTune: 5 };

test('the recipes of the page are those of the repository', async () => {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.json'));
  assert.deepEqual(files.map((name) => name.replace('.json', '')).sort(), Object.keys(RECIPES).sort());
  for (const file of files) {
    assert.deepEqual(RECIPES[file.replace('.json', '')], JSON.parse(await readFile(new URL(file, FOLDER), 'utf8')), file);
  }
});

test('every recipe of the page comes back from its file as it was', () => {
  for (const known of Object.values(RECIPES)) {
    const complete = withOwnMethod(known, METHOD);
    assert.deepEqual(readRecipe(recipeText(complete)), complete);
  }
});

test('the plans and their numbers are those of the core', async () => {
  const { $defs } = JSON.parse(await readFile(new URL('../../docs/recipe.schema.json', import.meta.url), 'utf8'));
  const plans = Object.fromEntries($defs.Plan.oneOf.map(({ properties }) => [properties.kind.const, Object.keys(properties).sort()]));
  const ours = Object.fromEntries(Object.entries(PLAN_FIELDS).map(([kind, fields]) => [
    kind, ['kind', ...fields.map(({ name }) => name), ...(kind === 'lottery-ticket' ? ['control'] : []), ...(['iterative', 'lottery-ticket'].includes(kind) ? ['rates'] : [])].sort(),
  ]));
  assert.deepEqual(ours, plans);
  assert.deepEqual(DISTIL_FIELDS.map(({ name }) => name).sort(), Object.keys($defs.Distillation.properties).sort());
  const whole = methodOf({ ...defaults(), granularity: 'filter', normalise: true });
  assert.deepEqual(Object.keys(whole).sort(), Object.keys($defs.Method.properties).sort());
  assert.deepEqual(readRecipe(JSON.stringify(recipe(oneShot, { method: whole }))).method, whole);
});

test('rounds can cut each kind of layer at its own rate', () => {
  const plan = { kind: 'iterative', train: 10, rate: 0.2, rounds: 2, fineTune: 5 };
  const read = (rates) => readRecipe(JSON.stringify(recipe({ ...plan, rates }))).plan.rates;
  assert.deepEqual(read({ conv: 0.1, output: 0 }), { conv: 0.1, output: 0 });
  assert.equal(read(null), undefined);
  for (const [rates, field] of [[{ conv: 2 }, 'plan.rates.conv'], [{ pool: 0.1 }, 'plan.rates.pool'], [[0.1], 'plan.rates']]) {
    assert.throws(() => read(rates), (fault) => fault instanceof RecipeFault && fault.field === field);
  }
  assert.throws(() => readRecipe(JSON.stringify(recipe({ ...oneShot, rates: {} }))), RecipeFault);
});

test('what the core would refuse is refused before it is sent, and the field is named', () => {
  const ticket = { kind: 'lottery-ticket', train: 10, rate: 0.5, rounds: 2, rewindTo: 0, control: 'none' };
  for (const [bad, field] of [
    [[], 'recipe'], [null, 'recipe'], [{ plan: oneShot }, 'name'], [{ name: 'r' }, 'plan.kind'],
    [recipe({ kind: 'two-shot' }), 'plan.kind'], [recipe({ kind: 'toString' }), 'plan.kind'],
    [recipe({ ...oneShot, sparsity: 1.01 }), 'plan.sparsity'], [recipe({ ...oneShot, sparsity: '0.5' }), 'plan.sparsity'],
    [recipe({ ...oneShot, train: 1.5 }), 'plan.train'], [recipe({ ...oneShot, train: -1 }), 'plan.train'],
    [recipe({ kind: 'one-shot', train: 10, sparsity: 0.5 }), 'plan.fineTune'], [recipe({ ...oneShot, rate: 0.1 }), 'plan.rate'],
    [recipe({ ...oneShot, train: 0, fineTune: 0 }), 'plan'], [recipe({ ...oneShot, train: 1e7 }), 'plan'],
    [recipe({ ...ticket, rounds: 0 }), 'plan.rounds'], [recipe({ ...ticket, rounds: 1001 }), 'plan.rounds'],
    [recipe({ ...ticket, rewindTo: 11 }), 'plan.rewindTo'], [recipe({ ...ticket, control: 'both' }), 'plan.control'], [recipe({ ...ticket, control: null }), 'plan.control'],
    [recipe({ ...ticket, rewindTo: null }), 'plan.rewindTo'],
    [recipe(oneShot, { method: { criterion: 'sensitivity' } }), 'method.criterion'], [recipe(oneShot, { method: { scope: 'hand' } }), 'method.scope'],
    [recipe(oneShot, { method: { scoreBatch: 0.5 } }), 'method.scoreBatch'], [recipe(oneShot, { method: { neverEmpty: 1 } }), 'method.neverEmpty'],
    [recipe(oneShot, { method: { normalise: 'mean' } }), 'method.normalise'],
    [recipe(oneShot, { method: null }), 'method'], [recipe(oneShot, { distil: { alpha: 2 } }), 'distil.alpha'],
    [recipe(oneShot, { distil: { temperature: 0.5 } }), 'distil.temperature'], [recipe(oneShot, { sparsity: 0.5 }), 'recipe.sparsity'],
  ]) {
    assert.throws(() => readRecipe(JSON.stringify(bad)), (error) => error instanceof RecipeFault && error.field === field, JSON.stringify(bad));
  }
});

test('what a file leaves out is what the core takes for it', () => {
  const read = readRecipe(JSON.stringify(recipe({ kind: 'lottery-ticket', train: 10, rate: 0.5, rounds: 2 }, { method: { criterion: 'taylor' }, distil: {} })));
  assert.deepEqual(read.method, { ...METHOD, criterion: 'taylor' });
  assert.deepEqual([read.plan.rewindTo, read.plan.control, read.distil], [0, 'none', { alpha: 0.1, temperature: 4 }]);
  assert.equal(readRecipe(JSON.stringify(recipe(oneShot, { distil: null }))).distil, undefined);
});

test('the method is the recipe\'s own where it has one, else that of the page', () => {
  const page = { ...METHOD, criterion: 'random', scope: 'layer' };
  assert.deepEqual(withOwnMethod(RECIPES.iterative, page).method, page);
  assert.deepEqual(withOwnMethod(RECIPES.snip, page).method, { ...METHOD, criterion: 'taylor', scoreBatch: 1024 });
});

test('steps and sparsity are counted as the core carries them out', () => {
  const { plan } = RECIPES['lottery-ticket'];
  assert.equal(stepsOf(RECIPES.iterative.plan), 800 + 6 * 200);
  assert.equal(stepsOf(RECIPES.gradual.plan), 800 + 20 * 40 + 200);
  assert.equal(stepsOf({ ...plan, rewindTo: 100 }), 800 + 5 * 700);
  assert.equal(stepsOf({ ...plan, rewindTo: 100, control: 'random-mask' }), 800 + 5 * 700);
  assert.equal(stepsOf({ ...plan, rewindTo: 100, control: 'reinitialise' }), 800 + 4 * 700 + 800);
  assert.ok(Math.abs(sparsityOf(plan) - (1 - 0.7 ** 5)) < 1e-12);
  assert.equal(sparsityOf(RECIPES.gradual.plan), 0.9);
});

test('a file that holds no recipe is a notice with its name', async () => {
  const notice = async (...parts) => recipeFromFile(new File(parts, 'a.json'));
  assert.deepEqual(await notice('x'.repeat(100_001)), { key: 'recipe-too-large', values: { file: 'a.json' } });
  assert.equal((await notice('{')).key, 'recipe-unreadable');
  assert.deepEqual(await notice('{"name": 1}'), { key: 'recipe-bad-file', values: { file: 'a.json', field: 'name', expected: '"…"' } });
  assert.deepEqual(await notice(JSON.stringify(RECIPES.iterative)), { recipe: RECIPES.iterative });
});

test('every recipe and every number of it has its words', () => {
  for (const id of Object.keys(RECIPES)) {
    for (const key of [`recipe-${id}`, `recipe-about-${id}`, `recipe-source-${id}`]) assert.ok(key in en, key);
  }
  for (const { name } of [...Object.values(PLAN_FIELDS).flat(), ...DISTIL_FIELDS]) assert.ok(`plan-${name}` in en, name);
  for (const key of ['recipe-training', 'recipe-fine-tuning', 'recipe-about-manual', 'recipe-about-file', 'plan-plan']) assert.ok(key in en, key);
});
