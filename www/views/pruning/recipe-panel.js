// Choosing a recipe, setting its numbers, starting it, and keeping it in a file.

import { methodOf } from '../../model/method.js';
import { RECIPES, RecipeFault, readRecipe, recipeText, sparsityOf, stepsOf, withOwnMethod } from '../../model/recipes.js';
import { enabled } from '../../state/enabled.js';
import { h, output, show } from '../kit/dom.js';
import { closePanel } from '../kit/popover.js';
import { save } from '../kit/save.js';
import { createRecipeFields } from './recipe-fields.js';

/** @import {RecipeFile, RecipeId} from '../../model/types.d.ts' */
/** @import {Draft, State} from '../../state/types.d.ts' */
/** @import {Inside, View} from '../kit/view.d.ts' */

const IDS = /** @type {RecipeId[]} */ (Object.keys(RECIPES));

/**
 * @param {View} view
 * @param {HTMLElement} panel That it is in.
 * @returns {Inside}
 */
export function createRecipePanel(view, panel) {
  const { t, session } = view;
  const file = h('input', {
    type: 'file', accept: '.json,application/json', hidden: true, 'data-testid': 'recipe-file', 'aria-label': t('recipe-load'),
    onchange: () => {
      const [chosen] = file.files ?? [];
      if (chosen) session.loadRecipe(chosen);
      // The same file can be chosen again after it has been changed.
      file.value = '';
    },
  });
  const select = createSelect(view, () => file.click());
  const about = output('recipe-about');
  const notes = ['recipe-source', 'recipe-method', 'recipe-sum'].map((name) => output(name, { class: 'note' }));
  const fields = createRecipeFields(view, (recipe) => tryDraft(view, recipe));
  const begins = h('p', { class: 'note', text: t('recipe-begins') });
  const start = h('button', {
    type: 'button', class: 'primary', 'data-testid': 'recipe-start', text: t('recipe-start'),
    onclick: () => {
      closePanel(panel);
      session.follow();
    },
  });
  const stop = h('button', { type: 'button', 'data-testid': 'recipe-stop', text: t('recipe-stop'), onclick: () => session.stopRecipe() });
  const keep = h('button', { type: 'button', 'data-testid': 'recipe-save', text: t('recipe-save'), onclick: () => saveDraft(session.state) });
  const load = h('button', { type: 'button', 'data-testid': 'recipe-load', text: t('recipe-load'), onclick: () => file.click() });
  return {
    elements: [
      h('label', { class: 'row' }, h('span', { text: t('recipe') }), select.element), h('p', {}, about),
      ...notes.slice(0, 2).map((note) => h('p', {}, note)), fields.element, h('p', {}, notes[2]), begins,
      h('div', { class: 'buttons' }, start, stop), h('div', { class: 'buttons' }, keep, load, file),
    ],
    update({ state }) {
      const { draft, recipe: progress } = state;
      select.update(draft);
      show(about, t(`recipe-about-${draft.id}`));
      describe(notes, state, view);
      fields.update(draft.recipe);
      for (const part of [begins, start, keep]) part.hidden = draft.recipe === null;
      start.disabled = !enabled(state, null).follow;
      stop.hidden = progress === null;
    },
  };
}

/**
 * @param {View} view
 * @param {() => void} chooseFile
 */
function createSelect({ t, session }, chooseFile) {
  const option = (/** @type {string} */ id) => h('option', { value: id, text: t(`recipe-${id}`) });
  const loaded = option('file');
  const element = h('select', {
    'aria-label': t('recipe'), 'data-testid': 'recipe-choice',
    onchange: () => {
      const { value } = element;
      if (value === 'choose') {
        element.value = session.state.draft.id;
        chooseFile();
      } else if (value !== 'file') {
        session.setDraft({ id: /** @type {Draft['id']} */ (value), recipe: value === 'manual' ? null : RECIPES[/** @type {RecipeId} */ (value)] });
      }
    },
  }, ...['manual', ...IDS].map(option), loaded, option('choose'));
  return {
    element,
    /** @param {Draft} draft */
    update({ id }) {
      loaded.hidden = id !== 'file';
      if (element.value !== id) element.value = id;
    },
  };
}

/**
 * Where the recipe comes from, how it scores, and what it comes to.
 * @param {HTMLElement[]} notes
 * @param {State} state
 * @param {View} view
 */
function describe([source, method, sum], { draft: { id, recipe }, settings }, { t, format }) {
  source.hidden = id === 'manual' || id === 'file';
  if (!source.hidden) show(source, t(`recipe-source-${id}`));
  method.hidden = recipe === null;
  sum.hidden = recipe === null;
  if (!recipe) return;
  const { criterion } = withOwnMethod(recipe, methodOf(settings)).method;
  show(method, t(recipe.method ? 'recipe-method-own' : 'recipe-method-page', { criterion: t(`criterion-${criterion}`) }), criterion);
  const steps = stepsOf(recipe.plan);
  show(sum, t('recipe-sum', { steps: format.integer(steps), sparsity: format.percent(sparsityOf(recipe.plan)) }), steps);
}

/**
 * Takes up changed numbers where they make a recipe, or says why not.
 * @param {View} view
 * @param {RecipeFile} recipe
 * @returns {boolean}
 */
function tryDraft({ session, t }, recipe) {
  try {
    readRecipe(recipeText(recipe));
  } catch (error) {
    if (!(error instanceof RecipeFault)) throw error;
    const name = error.field.split('.').at(-1) ?? error.field;
    session.notify('recipe-rejected', { field: t(`plan-${name}`), expected: error.expected });
    return false;
  }
  session.setDraft({ ...session.state.draft, recipe });
  return true;
}

/** @param {State} state */
function saveDraft({ draft: { recipe }, settings }) {
  if (!recipe) return;
  const text = recipeText(withOwnMethod(recipe, methodOf(settings)));
  save(`recipe-${recipe.plan.kind}.json`, new Blob([text], { type: 'application/json' }));
}
