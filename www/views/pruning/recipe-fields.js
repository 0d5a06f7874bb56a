// The numbers of a recipe's plan and of its distillation, each in its range.

import { DISTIL_FIELDS, PLAN_FIELDS } from '../../model/recipes.js';
import { h } from '../kit/dom.js';

/** @import {Field} from '../../model/recipes.js' */
/** @import {RecipeFile} from '../../model/types.d.ts' */
/** @import {View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @param {(recipe: RecipeFile) => boolean} onChange Answers whether the numbers make a recipe.
 */
export function createRecipeFields(view, onChange) {
  const element = h('div', { class: 'fields' });
  let kind = '';
  /** @type {RecipeFile | null} */
  let shown = null;
  /** @type {{row: HTMLElement, input: HTMLInputElement, read: (recipe: RecipeFile) => string}[]} */
  let controls = [];
  return {
    element,
    /** @param {RecipeFile | null} recipe */
    update(recipe) {
      if (recipe === shown) return;
      const before = shown;
      shown = recipe;
      const now = recipe ? `${recipe.plan.kind} ${recipe.distil ? 'distil' : ''}` : '';
      const anew = now !== kind;
      if (anew) {
        kind = now;
        controls = recipe ? fieldsOf(recipe).map(control) : [];
        element.replaceChildren(...controls.map(({ row }) => row));
      }
      if (!recipe) return;
      for (const { input, read } of controls) {
        // What is being written into another field stays.
        if (anew || !before || read(before) !== read(recipe)) input.value = read(recipe);
      }
    },
  };

  /** @param {{field: Field, part: 'plan' | 'distil'}} place */
  function control({ field, part }) {
    const { name, kind: sort, min, max } = field;
    // A person thinks of sparsities in percent.
    const scale = sort === 'share' ? 100 : 1;
    const whole = sort === 'steps' || sort === 'count';
    const label = view.t(`plan-${name}`);
    const input = h('input', {
      type: 'number', min: min * scale, max: max * scale, step: whole ? 1 : 'any', 'aria-label': label, 'data-testid': `plan-${name}`,
      onchange: () => {
        // Newer than what has been drawn, where two fields change within a frame.
        const { recipe } = view.session.state.draft;
        if (!recipe) return;
        // An empty field is no zero.
        const value = input.value.trim() === '' ? NaN : Number(input.value) / scale;
        const next = /** @type {RecipeFile} */ ({ ...recipe, [part]: { ...recipe[part], [name]: value } });
        if (!onChange(next)) input.value = read(recipe);
      },
    });
    const read = (/** @type {RecipeFile} */ recipe) => String(Number((Number(/** @type {any} */ (recipe)[part]?.[name]) * scale).toPrecision(12)));
    return { input, read, row: h('label', { class: 'row' }, h('span', { text: label }), input) };
  }
}

/**
 * @param {RecipeFile} recipe
 * @returns {{field: Field, part: 'plan' | 'distil'}[]}
 */
function fieldsOf({ plan, distil }) {
  const places = PLAN_FIELDS[plan.kind].map((field) => ({ field, part: /** @type {const} */ ('plan') }));
  return distil ? [...places, ...DISTIL_FIELDS.map((field) => ({ field, part: /** @type {const} */ ('distil') }))] : places;
}
