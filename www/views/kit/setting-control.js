// The control of one setting, made from its row in the table.

import { WIDTH_PRESETS, format, parse, setting } from '../../model/settings.js';
import { h } from './dom.js';

/** @import {SettingName, Settings} from '../../model/types.d.ts' */
/** @import {View} from './view.d.ts' */

/**
 * @param {SettingName} name
 * @param {View} view
 * @returns {{element: HTMLElement, update: (settings: Settings) => void}}
 */
export function createSettingControl(name, view) {
  const row = setting(name);
  if (row?.kind === 'choice') return choiceControl(name, view);
  if (row?.kind === 'flag') return flagControl(name, view);
  return name === 'widths' ? widthsControl(view) : numberControl(name, view);
}

/**
 * Applies what a person wrote, or says why not.
 * @param {SettingName} name
 * @param {string} text
 * @param {View} view
 * @returns {boolean}
 */
function apply(name, text, { session, t }) {
  const row = setting(name);
  const value = row && parse(row, text);
  if (value === undefined) {
    session.notify('setting-rejected', { settings: `${t(`setting-${name}`)} = ${text}` });
    return false;
  }
  session.change({ [name]: value });
  return true;
}

/**
 * @param {SettingName} name
 * @param {View} view
 */
function choiceControl(name, view) {
  const { t } = view;
  const choices = setting(name)?.choices ?? [];
  const options = choices.map((choice) => h('option', { value: choice, text: t(`${name}-${choice}`) }));
  const select = h('select', {
    'aria-label': t(`setting-${name}`),
    'data-testid': `setting-${name}`,
    onchange: () => apply(name, select.value, view),
  }, ...options);
  return { element: select, update: (/** @type {Settings} */ settings) => { select.value = String(settings[name]); } };
}

/**
 * @param {SettingName} name
 * @param {View} view
 */
function flagControl(name, view) {
  const box = h('input', {
    type: 'checkbox',
    'aria-label': view.t(`setting-${name}`),
    'data-testid': `setting-${name}`,
    onchange: () => apply(name, String(box.checked), view),
  });
  return { element: box, update: (/** @type {Settings} */ settings) => { box.checked = settings[name] === true; } };
}

/**
 * @param {SettingName} name
 * @param {View} view
 */
function numberControl(name, view) {
  const row = setting(name);
  const input = h('input', {
    ...(row?.kind === 'steps' ? { type: 'text', placeholder: '32000, 48000' } : { type: 'number', min: row?.min, max: row?.max, step: row?.kind === 'integer' ? 1 : 'any' }),
    'aria-label': view.t(`setting-${name}`),
    'data-testid': `setting-${name}`,
    onchange: () => { if (!apply(name, input.value, view)) input.value = shown; },
  });
  let shown = '';
  return {
    element: input,
    update: (/** @type {Settings} */ settings) => {
      const text = format(settings[name]);
      if (text === shown) return;
      shown = text;
      input.value = text;
    },
  };
}

/** @param {View} view */
function widthsControl(view) {
  const { t } = view;
  const options = WIDTH_PRESETS.map((pair) => h('option', { value: format(pair), text: t('widths-pair', { first: String(pair[0]), second: String(pair[1]) }) }));
  const custom = h('option', { value: 'custom', text: t('widths-custom') });
  const select = h('select', { 'aria-label': t('setting-widths'), 'data-testid': 'setting-widths' }, ...options, custom);
  const [first, second] = ['widths-first', 'widths-second'].map((key) => h('input', {
    type: 'number', min: 1, max: 256, 'aria-label': t(key), 'data-testid': key, class: 'narrow',
  }));
  const pair = h('span', { class: 'pair', hidden: true }, first, second);
  /** @type {Settings | null} */
  let last = null;
  const update = (/** @type {Settings} */ settings) => {
    if (last && format(settings.widths) === format(last.widths)) return;
    last = settings;
    const known = WIDTH_PRESETS.some((preset) => format(preset) === format(settings.widths));
    select.value = known ? format(settings.widths) : 'custom';
    pair.hidden = known;
    [first.value, second.value] = settings.widths.map(String);
  };
  select.addEventListener('change', () => {
    pair.hidden = select.value !== 'custom';
    if (pair.hidden) apply('widths', select.value, view);
    else first.focus();
  });
  for (const input of [first, second]) {
    input.addEventListener('change', () => {
      if (apply('widths', `${first.value},${second.value}`, view) || !last) return;
      [first.value, second.value] = last.widths.map(String);
    });
  }
  return { element: h('span', { class: 'widths' }, select, pair), update };
}
