// How far the recipe in hand has come, in words and as a bar, with the button that ends it.

import { attribute, h, output, show } from '../kit/dom.js';

/** @import {RecipeProgress, State} from '../../state/types.d.ts' */
/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createRecipeProgress(view) {
  const { t, session } = view;
  // It changes many times a second: the spoken read-out and the notice at the end say enough.
  const words = output('recipe-progress', { class: 'note', 'aria-live': 'off' });
  const bar = h('progress', { max: 1, 'aria-label': t('recipe') });
  const stop = h('button', { type: 'button', 'data-testid': 'recipe-end', text: t('recipe-stop'), title: t('recipe-stop-hint'), onclick: () => session.stopRecipe() });
  const element = h('div', { class: 'recipe-progress', hidden: true }, h('div', {}, words, bar), stop);
  // How long the training in hand is, as far as it has been seen.
  let longest = { done: -1, steps: 0 };
  return {
    element,
    update({ state }) {
      const { recipe, training } = state;
      element.hidden = recipe === null;
      if (!recipe) return;
      const left = recipe.state === 'running' ? training.remaining ?? 0 : 0;
      longest = { done: recipe.done, steps: longest.done === recipe.done ? Math.max(longest.steps, left) : left };
      const part = left === 0 ? 0 : 1 - left / longest.steps;
      bar.value = recipe.total === 0 ? 0 : (recipe.done + part) / recipe.total;
      show(words, sentence(recipe, state, view), recipe.done);
      attribute(words, 'data-total', String(recipe.total));
      attribute(words, 'data-state', recipe.state);
    },
  };
}

/**
 * @param {RecipeProgress} recipe
 * @param {State} state
 * @param {View} view
 */
function sentence({ done, total, state: where }, { activity, training }, { t, format }) {
  if (where === 'paused') return t('recipe-paused', { done: format.integer(done), total: format.integer(total) });
  // The one that is under way.
  const values = { done: format.integer(Math.min(done + 1, total)), total: format.integer(total) };
  if (training.remaining === null || activity === 'idle') return t('recipe-between', values);
  return t(`recipe-${activity}`, { ...values, steps: format.integer(training.remaining) });
}
