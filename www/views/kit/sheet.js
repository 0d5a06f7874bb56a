// What a chart shows as a table, behind a small button beside it, and as files: figures and picture.

import { fileName } from '../../model/share.js';
import { sheetCsv } from '../../state/sheets.js';
import { h, icon } from './dom.js';
import { createPopover } from './popover.js';
import { save } from './save.js';
import { layerName } from './layer-name.js';

/** @import {Column, Sheet} from '../../state/sheets.js' */
/** @import {View} from './view.d.ts' */

const GRID = 'M2 3h12v10H2zM3 7v2h3V7zM7 7v2h3V7zM11 7v2h2V7zM3 10v2h3v-2zM7 10v2h3v-2zM11 10v2h2v-2z';

/** Keys that scroll the table, and mean nothing else there. */
const SCROLLING = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', ' ']);

/**
 * The table stays as it was when it was opened, so that it can be read while training goes on.
 * @param {View} view
 * @param {string} name Of the chart, in words and files.
 * @param {() => Sheet | null} read
 * @param {(() => Promise<Blob | null>) | null} picture
 */
export function createSheet(view, name, read, picture) {
  const { t, session } = view;
  const title = t(`sheet-${name}`);
  const label = t('sheet-open', { chart: title });
  const button = h('button', { type: 'button', class: 'sheet-button', 'data-testid': `sheet-${name}`, 'aria-label': label, title: label }, icon(GRID));
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
  const panel = createPopover(button, title,
    h('div', { class: 'heading' }, h('h2', { text: title }), h('span', { class: 'sheet-files' }, figures, image)), region, empty);
  panel.classList.add('sheet');
  panel.addEventListener('beforetoggle', (event) => {
    if (event.newState !== 'open') return;
    sheet = read();
    const none = sheet === null || sheet.rows.length === 0;
    empty.hidden = !none;
    region.hidden = none;
    figures.disabled = none;
    if (image) image.disabled = none;
    const at = t('sheet-at', { chart: title, step: view.format.integer(session.state.training.step) });
    table.replaceChildren(h('caption', { class: 'visually-hidden', text: at }), ...(sheet ? rowsOf(sheet, view) : []));
  });
  return { button, panel };
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
