// Kept weights, layer by layer; they add up to those of the network.

import { h, output, show } from './dom.js';

/** @import {LayerInfo} from '../generated/protocol.d.ts' */
/** @import {Part, View} from './view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createLayers({ t, format }) {
  const element = h('div', { class: 'layers', 'data-testid': 'layers' });
  /** @type {LayerInfo[] | null} */
  let shown = null;
  /** @type {{bar: HTMLElement, kept: HTMLElement}[]} */
  let rows = [];
  return {
    element,
    update({ state: { layers }, cut }) {
      if (layers !== shown) {
        shown = layers;
        rows = layers.map(({ name }) => ({ bar: h('i'), kept: output(`kept-${name}`) }));
        element.replaceChildren(...layers.flatMap(({ name }, i) => [
          h('span', { text: t(`layer-${name}`) }), h('div', { class: 'meter' }, rows[i].bar), rows[i].kept,
        ]));
      }
      rows.forEach(({ bar, kept }, i) => {
        const { weights } = layers[i];
        const count = cut?.kept[i] ?? weights;
        const width = `${(100 * count) / weights}%`;
        if (bar.style.width !== width) bar.style.width = width;
        show(kept, `${format.integer(count)} / ${format.integer(weights)}`, count);
      });
    },
  };
}
