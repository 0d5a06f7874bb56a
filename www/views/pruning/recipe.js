// The button that names the recipe that is set up, with the choice of it behind it.

import { PANELS } from '../chunks.js';
import { attribute, h, show } from '../kit/dom.js';
import { createFoldedPopover } from '../kit/folded.js';

/** @import {Draft} from '../../state/types.d.ts' */
/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createRecipe(view) {
  const { t } = view;
  const button = h('button', { type: 'button', class: 'choice', 'data-testid': 'recipe', title: t('recipe-hint') });
  const folded = createFoldedPopover(view, button, t('recipe'), PANELS, ({ createRecipePanel }, panel) => createRecipePanel(view, panel));
  folded.panel.classList.add('recipe-panel');
  const element = h('div', { class: 'row' }, h('span', { text: t('recipe') }), button, folded.panel);
  return {
    element,
    update(frame) {
      const { draft } = frame.state;
      const name = nameOf(draft, view);
      show(button, name, draft.id);
      attribute(button, 'aria-label', `${t('recipe')}: ${name}`);
      folded.update(frame);
    },
  };
}

/**
 * @param {Draft} draft
 * @param {View} view
 */
function nameOf({ id, recipe }, { t }) {
  return id === 'file' && recipe ? recipe.name || t('recipe-file') : t(`recipe-${id}`);
}
