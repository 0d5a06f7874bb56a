// The settings that are not in the bar itself, the keys that play the widget, and what is kept here.

import { OF_SGD } from '../../model/presets.js';
import { h } from '../kit/dom.js';
import { createSettingControl } from '../kit/setting-control.js';
import { createKeptHere } from './kept-here.js';
import { createKeys } from './keys.js';

/** @import {SettingName} from '../../model/types.d.ts' */
/** @import {State} from '../../state/types.d.ts' */
/** @import {Inside, View} from '../kit/view.d.ts' */

const USUAL = /** @type {const} */ ([
  'noise', 'batch', 'initialisation', 'optimiser', 'learning-rate', 'momentum', 'weight-decay', 'nesterov', 'seed', 'train-limit', 'fine-tune-steps',
]);
/** Folded away: who does not ask for a schedule has none. */
const OF_TRAINING = /** @type {const} */ (['schedule', 'drops', 'cosine-steps', 'warm-up', 'augment', 'fine-tuning-rate', 'reestimate']);
const OF_THE_PAGE = /** @type {const} */ (['theme', 'autoplay']);

/**
 * @param {View} view
 * @returns {Inside}
 */
export function createSettingsPanel(view) {
  const { t } = view;
  const names = [...USUAL, ...OF_TRAINING, ...OF_THE_PAGE];
  const controls = names.map((name) => createSettingControl(name, view));
  const rows = names.map((name, i) => h('label', { class: 'row' }, h('span', { text: t(`setting-${name}`) }), controls[i].element));
  const of = (/** @type {readonly SettingName[]} */ some) => rows.filter((_, i) => some.includes(names[i]));
  const training = h('details', { 'data-testid': 'settings-training' }, h('summary', { text: t('settings-training') }), ...of(OF_TRAINING));
  const note = h('p', { class: 'note', text: t('settings-note') });
  const kept = createKeptHere(view);
  return {
    elements: [...of(USUAL), training, ...of(OF_THE_PAGE), note, ...createKeys(view), ...kept.elements],
    update({ state }) {
      controls.forEach((control) => control.update(state.settings));
      names.forEach((name, i) => { rows[i].hidden = !isOfUse(name, state); });
      kept.update();
    },
  };
}

/**
 * Whether a setting does anything under the others.
 * @param {SettingName} name
 * @param {State} state
 */
function isOfUse(name, { settings, network }) {
  switch (name) {
    case 'noise': return settings.dataset === 'shapes';
    case 'drops': return settings.schedule === 'steps';
    case 'cosine-steps': return settings.schedule === 'cosine';
    case 'reestimate': return network?.statistics === true;
    default: return !OF_SGD.has(name) || settings.optimiser === 'sgd';
  }
}
