import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEPT } from './cut-age.js';
import { recipeNow } from './own-recipe.js';
import { RECIPES, readRecipe, recipeText } from './recipes.js';
import { defaults } from './settings.js';

// Of filters: half of them take more than half of the weights.
const CUT = { units: 5, unitsHeld: 0, unitsTotal: 10, total: 100, pruned: 71, sparsity: 0.71, alreadyCut: 0 };
const state = (cutAt, changes = {}) => ({
  draft: { id: 'manual', recipe: null }, settings: defaults(), scores: { cutAt: Uint32Array.from(cutAt) },
  training: { step: 300 }, selection: { by: 'fraction', value: 0.5 }, ...changes,
});

test('training and a preview by hand are a recipe that trains as long and is as sparse', () => {
  assert.deepEqual(recipeNow(state([KEPT, KEPT]), CUT).plan, { kind: 'one-shot', train: 300, sparsity: 0.71, fineTune: 0 });
});

test('one cut by hand is a recipe with the steps before and after it', () => {
  const recipe = recipeNow(state([KEPT, 200, 200]), { ...CUT, unitsHeld: 4, alreadyCut: 63 });
  assert.deepEqual(recipe.plan, { kind: 'one-shot', train: 200, sparsity: 0.63, fineTune: 100 });
  assert.deepEqual(readRecipe(recipeText(recipe)), recipe);
});

test('fine-tuning against a teacher is part of the recipe', () => {
  const settings = { ...defaults(), distil: true };
  assert.deepEqual(recipeNow(state([200], { settings }), CUT).distil, { alpha: 0.1, temperature: 4 });
});

test('several cuts, layers by hand, and a network not yet trained are no recipe', () => {
  assert.equal(recipeNow(state([100, 200]), CUT), null);
  assert.equal(recipeNow(state([KEPT], { selection: { by: 'layers', value: [0, 0, 0] } }), CUT), null);
  assert.equal(recipeNow(state([KEPT], { training: { step: 0 } }), CUT), null);
});

test('the recipe that is set up goes before what was done by hand', () => {
  const recipe = recipeNow(state([100, 200], { draft: { id: 'gradual', recipe: RECIPES.gradual } }), CUT);
  assert.deepEqual(recipe.plan, RECIPES.gradual.plan);
});
