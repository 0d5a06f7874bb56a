// The network as files: saved in the formats of others, and opened again.

import { fileName } from '../../model/file-names.js';
import { removedBy } from '../../model/filters.js';
import { recipeNow } from '../../model/own-recipe.js';
import { recipeText } from '../../model/recipes.js';
import { fetchScript } from '../../session/take-home.js';
import { enabled } from '../../state/enabled.js';
import { attribute, h, show } from '../kit/dom.js';
import { save } from '../kit/save.js';

/** @import {ExportFormat} from '../../generated/protocol.d.ts' */
/** @import {Scores, State} from '../../state/types.d.ts' */
/** @import {View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @param {HTMLElement} said
 */
export function createTakeHome(view, said) {
  const { t, session } = view;
  const give = (/** @type {File} */ file) => {
    save(file.name, file);
    show(said, t('file-saved'));
  };
  session.takeHome.onFile = give;

  const without = h('input', { type: 'checkbox', disabled: true, 'data-testid': 'without-removed' });
  const withoutWords = h('span');
  const choice = h('label', { class: 'check' }, without, withoutWords);
  const fold = h('input', { type: 'checkbox', 'data-testid': 'fold' });
  const folding = h('label', { class: 'check', hidden: true }, fold, h('span', { text: t('fold') }));
  const network = (/** @type {string} */ name, /** @type {ExportFormat} */ format) => button(view, name, () => {
    session.saveNetwork(format, without.checked && !without.disabled, fold.checked && !folding.hidden);
  });
  const ofNetwork = [network('save-weights', 'safetensors'), network('save-onnx', 'onnx'), button(view, 'save-test-images', () => { session.saveTestImages(); })];
  const scripts = /** @type {const} */ ([['save-script', 'evaluate_network.py'], ['save-torchrun', 'train_distributed.py']]).map(([name, file]) => button(view, name, () => {
    fetchScript(file).then(give, (error) => session.notify('script-failed', { message: String(error) }));
  }));
  const recipe = button(view, 'save-recipe', () => {
    const { state } = session;
    const now = recipeNow(state, session.cutOf(state));
    if (now) give(new File([recipeText(now)], fileName(state, `recipe-${now.plan.kind}`, 'json'), { type: 'application/json' }));
  });
  const opener = createOpener(view);
  /** @type {Scores | null} */
  let scores = null;

  return {
    elements: [
      h('h2', { text: t('take-home') }),
      h('div', { class: 'buttons' }, ...ofNetwork, ...scripts, recipe),
      choice, folding,
      h('p', { class: 'note', text: t('take-home-note') }), h('p', { class: 'note', text: t('charts-note') }),
      h('div', { class: 'buttons' }, ...opener.elements), h('p', { class: 'note', text: t('open-network-note') }),
    ],
    /** @param {State} state */
    update(state) {
      const may = enabled(state, null);
      for (const each of ofNetwork) each.disabled = !may.save;
      opener.button.disabled = !may.open;
      folding.hidden = !state.network?.statistics;
      if (state.scores && state.scores !== scores) {
        scores = state.scores;
        const count = removedBy(state.scores, state.layers);
        without.disabled = count === 0;
        choice.classList.toggle('disabled', count === 0);
        show(withoutWords, count === 0 ? t('none-removed') : t('without-removed', { count: String(count) }), count);
      }
    },
    /** @param {boolean} there Whether what was done has the shape of a recipe. */
    offer(there) {
      recipe.disabled = !there;
      attribute(recipe, 'title', there ? null : t('no-recipe'));
    },
  };
}

/** @param {View} view */
function createOpener(view) {
  const { t, session } = view;
  const input = h('input', {
    type: 'file', class: 'visually-hidden', 'data-testid': 'open-network-input', accept: '.safetensors', 'aria-label': t('open-network-label'), tabindex: -1,
    onchange: () => {
      const [file] = input.files ?? [];
      if (file) session.openNetwork(file);
      input.value = '';
    },
  });
  const opener = button(view, 'open-network', () => input.click());
  return { elements: [opener, input], button: opener };
}

/**
 * @param {View} view
 * @param {string} name
 * @param {() => void} onclick
 */
function button({ t }, name, onclick) {
  return h('button', { type: 'button', 'data-testid': name, text: t(name), onclick });
}
