// What a chart shows as a table and as files: figures and picture.

import { fileName } from '../../model/file-names.js';
import { curveSheet, filterSheet, histogramSheet, historySheet, sheetCsv, statesSheet } from '../../state/sheets.js';
import { h } from './dom.js';
import { layerName } from './layer-name.js';
import { save } from './save.js';

/** @import {Column, Sheet} from '../../state/sheets.js' */
/** @import {Inside, View} from './view.d.ts' */

/** By what each chart is read. */
const READERS = { curveSheet, filterSheet, histogramSheet, historySheet, statesSheet };

/** Keys that scroll the table, and mean nothing else there. */
const SCROLLING = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', ' ']);

/**
 * @param {View} view
 * @param {string} name
 * @param {(readers: typeof READERS) => Sheet | null} read
 * @param {(() => Promise<Blob | null>) | null} picture
 * @returns {Inside}
 */
export function createSheetPanel(view, name, read, picture) {
  const { t, session } = view;
  const title = t(`sheet-${name}`);
  const table = h('table', { 'data-testid': `table-${name}` });
  const region = h('div', { class: 'sheet-rows', role: 'region', tabindex: 0, 'aria-label': title, onkeydown: keep }, table);
  const empty = h('p', { class: 'note', text: t('sheet-empty') });
  /** @type {Sheet | null} */
  let sheet = null;
  const figures = h('button', {
    type: 'button', 'data-testid': `csv-${name}`, text: t('save-csv'),
    onclick: () => { if (sheet) save(fileName(session.state, name, 'csv'), new Blob([sheetCsv(sheet)], { type: 'text/csv' })); },
  });
  const image = picture && h('button', {
    type: 'button', 'data-testid': `png-${name}`, text: t('save-png'),
    onclick: async () => {
      const blob = await picture();
      if (blob) save(fileName(session.state, name, 'png'), blob);
    },
  });
  return {
    elements: [h('div', { class: 'heading' }, h('h2', { text: title }), h('span', { class: 'sheet-files' }, figures, image)), region, empty],
    open() {
      sheet = read(READERS);
      const none = sheet === null || sheet.rows.length === 0;
      empty.hidden = !none;
      region.hidden = none;
      figures.disabled = none;
      if (image) image.disabled = none;
      const at = t('sheet-at', { chart: title, step: view.format.integer(session.state.training.step) });
      table.replaceChildren(h('caption', { class: 'visually-hidden', text: at }), ...(sheet ? rowsOf(sheet, view) : []));
    },
  };
}

/** @param {KeyboardEvent} event */
function keep(event) {
  if (SCROLLING.has(event.key)) event.stopPropagation();
}

/**
 * @param {Sheet} sheet
 * @param {View} view
 */
function rowsOf({ columns, rows }, view) {
  const head = columns.map(({ name }) => h('th', { scope: 'col', 'data-column': name, text: headOf(name, view) }));
  const lines = rows.map((row) => h('tr', {}, ...row.map((value, i) => {
    const text = value === null ? '–' : wordsOf(value, columns[i], view);
    return i === 0 ? h('th', { scope: 'row', 'data-value': value, text }) : h('td', { 'data-value': value, text });
  })));
  return [h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...lines)];
}

/**
 * @param {string} name
 * @param {View} view
 */
function headOf(name, { t }) {
  const layer = /^kept_(.+)$/u.exec(name)?.[1];
  return layer ? t('pair-kept', { layer: layerName(layer, t) }) : t(`column-${name}`);
}

/**
 * @param {string | number} value
 * @param {Column} column
 * @param {View} view
 */
function wordsOf(value, { name, what }, { t, format }) {
  if (typeof value === 'string' && name === 'layer') return layerName(value, t);
  if (typeof value === 'string') return t(WORDS[name]?.(value) ?? value);
  if (what === 'share') return format.percent(value);
  return what === 'count' ? format.integer(value) : format.small(value);
}

/** @type {Record<string, (value: string) => string>} The key of a word by the column that it stands in. */
const WORDS = {
  series: (value) => `series-${value}`, kind: (value) => `series-${value}`, criterion: (value) => `short-${value}`,
  granularity: (value) => `granularity-${value}`, scope: (value) => `scope-${value}`,
};
