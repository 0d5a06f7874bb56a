// A link to an experiment, and the code that embeds it. Pure.

import { SETTINGS, defaults, format, toHash } from './settings.js';

/** @import {State} from '../state/types.d.ts' */
/** @import {Cut} from './ranking.js' */
/** @import {Settings} from './types.d.ts' */

/**
 * The settings with the slider's present place as the one to begin at.
 * @param {Pick<State, 'settings' | 'selection'>} state
 * @param {Cut | null} cut
 * @returns {Settings}
 */
export function settingsNow({ settings, selection }, cut) {
  return { ...settings, sparsity: placeOf(selection, cut) };
}

/**
 * @param {State['selection']} selection
 * @param {Cut | null} cut
 */
function placeOf(selection, cut) {
  if (selection.by === 'layers') return selection.value.map(short);
  if (selection.by === 'fraction') return [short(selection.value)];
  return [short(cut && cut.unitsTotal > 0 ? cut.units / cut.unitsTotal : 0)];
}

/**
 * Fine enough for a million weights.
 * @param {number} share
 */
function short(share) {
  return Number(share.toFixed(7));
}

/**
 * @param {Settings} settings
 * @param {string} page The address of a page whose widget reads its settings from the hash.
 */
export function linkTo(settings, page) {
  const url = new URL(page);
  // What the address asked for has become a setting.
  url.searchParams.delete('backend');
  url.hash = toHash(settings);
  return url.href;
}

/**
 * The markup that puts this experiment on another page: only what differs from the defaults is written.
 * @param {Settings} settings
 * @param {string} script
 */
export function embedCode(settings, script) {
  const initial = defaults();
  const written = SETTINGS.filter(({ name }) => format(settings[name]) !== format(initial[name]))
    .map(({ name }) => ` ${name}="${escaped(format(settings[name]))}"`);
  return [
    `<script type="module" src="${escaped(script)}"></script>`,
    `<pruning-playground${written.join('')}></pruning-playground>`,
  ].join('\n');
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
