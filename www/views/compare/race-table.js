// The figures behind the chart, as a table.

import { RACE_GRID, summarise } from '../../model/race.js';
import { attribute, h, show } from '../kit/dom.js';
import { swatch } from './race-look.js';

/** @import {Race, Row, Summary} from '../../model/race.js' */
/** @import {View} from '../kit/view.d.ts' */

/** @param {View} view */
export function createRaceTable({ t, format }) {
  const body = h('tbody');
  const head = h('thead', {}, h('tr', {}, ...['method', 'sparsity', 'cut', 'tuned', 'seeds'].map((name) => h('th', { scope: 'col', text: t(`race-column-${name}`) }))));
  const element = h('div', { class: 'race-table', tabindex: 0, role: 'region', 'aria-label': t('race-table') },
    h('table', { 'data-testid': 'race-table' }, h('caption', { class: 'visually-hidden', text: t('race-table') }), head, body));
  /** @type {Map<string, {row: HTMLElement, cells: HTMLElement[]}>} */
  let lines = new Map();
  /** @type {Row[] | null} */
  let shown = null;

  /** @param {Summary} summary */
  function lineOf({ criterion, requested }) {
    const key = `${criterion} ${requested}`;
    const known = lines.get(key);
    if (known) return known;
    const cells = ['sparsity', 'cut', 'tuned', 'seeds'].map((name) => h('td', { 'data-column': name }));
    const row = h('tr', { 'data-criterion': criterion, 'data-requested': requested },
      h('th', { scope: 'row' }, swatch(criterion), h('span', { text: t(`short-${criterion}`) })), ...cells);
    // Rows of one method stay together, in the order of the grid.
    if (requested === RACE_GRID[0]) row.classList.add('first');
    lines.set(key, { row, cells });
    body.append(row);
    return { row, cells };
  }

  /** @param {Summary} summary */
  const range = ({ mean, min, max, seeds }) => (seeds === 1
    ? format.percent(mean)
    : t('race-range', { mean: format.percent(mean), min: format.percent(min), max: format.percent(max) }));

  return {
    element,
    /** @param {Race} race */
    update({ rows }) {
      if (rows === shown) return;
      if (rows.length === 0) {
        lines = new Map();
        body.replaceChildren();
      }
      shown = rows;
      element.hidden = rows.length === 0;
      const tuned = new Map(summarise(rows, true).map((summary) => [`${summary.criterion} ${summary.requested}`, summary]));
      for (const summary of summarise(rows, false)) {
        const { cells: [sparsity, cut, after, seeds] } = lineOf(summary);
        const won = tuned.get(`${summary.criterion} ${summary.requested}`);
        show(sparsity, format.percent(summary.sparsity), summary.sparsity);
        show(cut, range(summary), summary.mean);
        attribute(cut, 'data-min', String(summary.min));
        attribute(cut, 'data-max', String(summary.max));
        show(after, won ? range(won) : '–', won?.mean ?? null);
        show(seeds, format.integer(summary.seeds), summary.seeds);
      }
    },
  };
}
