// What a layer or a network is called on the page.

import { TWO_CONV, presetOf } from '../../model/presets.js';

/** @import {RunConfig} from '../../generated/protocol.d.ts' */
/** @import {View} from './view.d.ts' */

const NAMED = /^(conv|fc|bn|relu|pool|drop|add|shortcut|flatten)(\d*)$/u;

/**
 * A layer's name as a learner reads it, else the one that it came with: networks from files have names of their own.
 * @param {string} name
 * @param {View['t']} t
 */
export function layerName(name, t) {
  const [, kind, number] = NAMED.exec(name) ?? [];
  if (!kind) return name;
  return number === '' ? t(`layer-${kind}`) : t('layer-numbered', { kind: t(`layer-${kind}`), number });
}

/**
 * @param {Pick<RunConfig, 'network' | 'widths'>} of
 * @param {Pick<View, 't' | 'format'>} words
 */
export function networkName({ network, widths }, { t, format }) {
  const known = presetOf(network);
  if (known?.preset.name === TWO_CONV) return t('widths-pair', { first: format.integer(widths[0]), second: format.integer(widths[1]) });
  if (!known) return t('network-own');
  return known.divisor === 1 ? known.preset.title : `${known.preset.title} ÷${known.divisor}`;
}
