// The race tab: what to compare, how far it has come, the chart and the table of what came of it.

import { NO_RACE } from '../../model/no-race.js';
import { raceCsv } from '../../model/race-csv.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { createRaceChart } from './race-chart.js';
import { createRaceForm } from './race-form.js';
import { createRaceTable } from './race-table.js';
import { progressOf, setupOf } from './race-words.js';
import { save } from '../kit/save.js';

/** @import {Part, View} from '../kit/view.d.ts' */

/** Milliseconds between drawings of a running race: it may measure faster than the eye follows. */
const DRAWN_EVERY = 250;

/**
 * @param {View} view
 * @returns {Part}
 */
export function createRace(view) {
  const { t, session } = view;
  const { comparison } = session;
  const form = createRaceForm(view);
  const stages = ['cut', 'tuned'].map((name) => h('option', { value: name, text: t(`race-${name}`) }));
  const stage = h('select', { 'data-testid': 'race-shown', 'aria-label': t('race-shown'), onchange: () => view.invalidate() }, ...stages);
  const chart = createRaceChart(view);
  const table = createRaceTable(view);
  const status = output('race-status', { class: 'race-status' });
  const setup = output('race-setup', { class: 'note' });
  const progress = h('progress', { max: 1, value: 0, 'aria-label': t('race-progress'), 'data-testid': 'race-progress' });
  const cancel = h('button', { type: 'button', 'data-testid': 'race-cancel', text: t('cancel'), onclick: () => comparison.cancel() });
  const csv = h('button', {
    type: 'button', 'data-testid': 'race-csv', text: t('race-csv'),
    onclick: () => save('pruning-race.csv', new Blob([raceCsv(comparison.race.rows)], { type: 'text/csv' })),
  });
  const png = h('button', {
    type: 'button', 'data-testid': 'race-png', text: t('race-png'),
    onclick: async () => {
      const picture = await chart.picture();
      if (picture) save('pruning-race.png', picture);
    },
  });
  const results = h('div', { class: 'race-results' },
    h('div', { class: 'race-bar' }, status, progress, cancel, stage, csv, png), setup, chart.element, table.element);
  const element = h('div', { class: 'race' }, form.element, results);
  let before = NO_RACE.stage;
  let drawn = 0;
  return {
    element,
    destroy: chart.destroy,
    update(frame) {
      const { race } = comparison;
      const running = race.stage === 'running';
      if (running && before !== 'running') {
        drawn = 0;
        results.scrollIntoView({ block: 'nearest' });
        stage.value = (race.options?.tuneSteps ?? 0) > 0 ? 'tuned' : 'cut';
      }
      const now = performance.now();
      const due = !running || now - drawn >= DRAWN_EVERY;
      before = race.stage;
      form.update(frame);
      show(status, progressOf(race, view), race.rows.length);
      attribute(status, 'data-stage', race.stage);
      // The progress changes many times a second: only its end is spoken.
      attribute(status, 'aria-live', running ? 'off' : 'polite');
      cancel.hidden = !running;
      show(setup, race.options ? setupOf(race.options, view) : '');
      progress.hidden = !running;
      progress.value = race.tasks.length === 0 ? 0 : race.done / race.tasks.length;
      stage.hidden = (race.options?.tuneSteps ?? 0) === 0;
      for (const button of [csv, png]) button.disabled = race.rows.length === 0;
      if (!due) return;
      drawn = now;
      chart.update(race, !stage.hidden && stage.value === 'tuned', frame.theme);
      table.update(race);
    },
  };
}
