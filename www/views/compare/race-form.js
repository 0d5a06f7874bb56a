// What to compare: methods, seeds, steps. The swatches are also the key of the chart.

import { scoresFilters } from '../../model/method.js';
import { MOST_SEEDS, baseOf } from '../../model/race.js';
import { setting } from '../../model/settings.js';
import { startRace } from '../../session/contest.js';
import { h } from '../kit/dom.js';
import { swatch } from './race-look.js';

/** @import {Criterion, Granularity} from '../../generated/protocol.d.ts' */
/** @import {State} from '../../state/types.d.ts' */
/** @import {Part, View} from '../kit/view.d.ts' */

const CHOSEN = new Set(['random', 'magnitude', 'taylor']);

/**
 * @param {View} view
 * @returns {Part}
 */
export function createRaceForm(view) {
  const { t, session } = view;
  const { comparison } = session;
  const criteria = /** @type {Criterion[]} */ (setting('criterion')?.choices ?? []);
  const boxes = criteria.map((criterion) => h('input', {
    type: 'checkbox', checked: CHOSEN.has(criterion), 'data-testid': `race-${criterion}`, onchange: () => view.invalidate(),
  }));
  const methods = h('fieldset', {}, h('legend', { text: t('race-methods') }), ...criteria.map((criterion, i) => h('label', {},
    boxes[i], swatch(criterion), h('span', { text: t(`criterion-${criterion}`) }), scoresFilters(criterion) ? h('small', { text: t('race-filters') }) : null)));
  const seeds = number('race-seeds', 1, MOST_SEEDS, 3, t('race-seeds'));
  const steps = number('race-steps', 0, 100_000, 800, t('race-steps'));
  const tune = number('race-tune', 0, 100_000, 100, t('race-tune'));
  let touched = false;
  const granularity = h('select', { 'data-testid': 'race-granularity', onchange: () => { touched = true; } },
    ...['weight', 'filter', '2:4'].map((value) => h('option', { value, text: t(`granularity-${value}`) })));
  const settings = h('fieldset', {}, h('legend', { text: t('race-settings') }), seeds.row, steps.row, tune.row,
    h('label', { class: 'row' }, h('span', { text: t('race-granularity') }), granularity));
  const fields = h('div', { class: 'race-fields' }, methods, settings);
  const start = h('button', { type: 'button', class: 'primary', 'data-testid': 'race-start', text: t('race-start'), onclick: begin });
  const note = h('p', { class: 'note', text: t('race-note') });
  const element = h('div', { class: 'race-form' }, fields, h('div', { class: 'buttons' }, start), note);
  const chosen = () => criteria.filter((_, i) => boxes[i].checked);

  function begin() {
    const { config, settings: now } = session.state;
    if (!config) return;
    const method = baseOf(now, /** @type {Granularity} */ (granularity.value));
    startRace(comparison, {
      config: { ...config, method }, criteria: chosen(),
      seeds: seeds.value(), steps: steps.value(), tuneSteps: tune.value(),
    }, session.files);
  }

  return {
    element,
    update({ state }) {
      const { busy } = comparison;
      if (!touched && !busy) granularity.value = state.settings.granularity;
      methods.disabled = busy;
      settings.disabled = busy;
      start.disabled = busy || chosen().length === 0 || !usable(state);
    },
  };
}

/**
 * Whether there is a run whose data and network can be raced on.
 * @param {State} state
 */
function usable({ config, awaitingFiles }) {
  return config !== null && awaitingFiles === null;
}

/**
 * @param {string} name
 * @param {number} min
 * @param {number} max
 * @param {number} initial
 * @param {string} words
 */
function number(name, min, max, initial, words) {
  const input = h('input', { type: 'number', class: 'narrow', min, max, step: 1, value: initial, 'data-testid': name });
  const value = () => Math.min(max, Math.max(min, Math.round(input.valueAsNumber)));
  input.addEventListener('change', () => {
    if (!Number.isFinite(input.valueAsNumber)) input.value = String(initial);
    else if (input.valueAsNumber !== value()) input.value = String(value());
  });
  return {
    row: h('label', { class: 'row' }, h('span', { text: words }), input),
    value: () => (Number.isFinite(input.valueAsNumber) ? value() : initial),
  };
}
