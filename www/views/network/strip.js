// The overview of a network: each layer as wide as its work and as full as its mask, shortcuts above; the chosen one is seen below.

import { stripOf } from '../../model/strip.js';
import { attribute, h, show } from '../kit/dom.js';
import { layerName } from '../kit/layer-name.js';

/** @import {NetworkInfo} from '../../generated/protocol.d.ts' */
/** @import {Frame, View} from '../kit/view.d.ts' */

/** @type {Record<string, (at: number, last: number) => number>} */
const STEPS = { ArrowLeft: (at) => at - 1, ArrowUp: (at) => at - 1, ArrowRight: (at) => at + 1, ArrowDown: (at) => at + 1, Home: () => 0, End: (_, last) => last };

/**
 * @param {View} view
 * @param {(layer: number) => void} choose
 */
export default function createStrip({ t, format }, choose) {
  const element = h('div', { class: 'strip', role: 'tablist', 'data-testid': 'strip', 'aria-label': t('strip-label'), title: t('strip-label'), onkeydown: step });
  /** @type {NetworkInfo | null} */
  let shown = null;
  /** @type {{tab: HTMLButtonElement, fill: HTMLElement, share: HTMLElement}[]} */
  let tabs = [];
  let chosen = 0;

  /** @param {KeyboardEvent} event */
  function step(event) {
    const to = STEPS[event.key]?.(chosen, tabs.length - 1);
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    // Elsewhere these keys move the slider.
    event.stopPropagation();
    const next = Math.max(0, Math.min(tabs.length - 1, to));
    choose(next);
    tabs[next].tab.focus();
    tabs[next].tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** @param {NetworkInfo} network */
  function build(network) {
    shown = network;
    const { layers, shortcuts } = stripOf(network);
    tabs = network.layers.map(({ name }, i) => {
      const fill = h('i');
      const share = h('small');
      const tab = h('button', { type: 'button', role: 'tab', class: layers[i].side ? 'side' : '', 'data-testid': `strip-${name}`, onclick: () => choose(i) },
        h('span', { class: 'bar-of-mask' }, fill, share),
        h('span', { class: 'strip-name', text: layerName(name, t) }), h('span', { class: 'strip-number', text: String(i + 1) }));
      tab.style.gridColumn = String(i + 1);
      return { tab, fill, share };
    });
    element.style.gridTemplateColumns = layers.map(({ share }) => `minmax(var(--least), ${(100 * Math.max(share, 0.001)).toFixed(2)}fr)`).join(' ');
    // From the middle of the gap where the branches part to that where they are added.
    const arcs = shortcuts.map(({ from, to }) => {
      const arc = h('i', { class: 'arc', 'aria-hidden': 'true' });
      arc.style.gridColumn = `${from + 1} / ${Math.max(from, to) + 1}`;
      return arc;
    });
    element.replaceChildren(...arcs, ...tabs.map(({ tab }) => tab));
    element.classList.toggle('with-arcs', arcs.length > 0);
    attribute(element, 'data-shortcuts', String(arcs.length));
  }

  return {
    element,
    /**
     * @param {Frame} frame
     * @param {number} layer The chosen one.
     */
    update({ state: { network }, cut }, layer) {
      if (!network) return;
      if (network !== shown) build(network);
      chosen = layer;
      const all = network.layers.reduce((sum, { macs }) => sum + macs, 0) || 1;
      network.layers.forEach(({ name, weights, macs, shape }, i) => {
        const kept = cut?.kept[i] ?? weights;
        const { tab, fill, share } = tabs[i];
        const height = `${(100 * kept) / weights}%`;
        if (fill.style.blockSize !== height) fill.style.blockSize = height;
        show(share, format.wholePercent(kept / weights));
        attribute(tab, 'data-value', String(kept / weights));
        attribute(tab, 'aria-selected', String(i === layer));
        attribute(tab, 'tabindex', i === layer ? '0' : '-1');
        const words = t('strip-layer', {
          layer: layerName(name, t), shape: shape.join('×'), kept: format.integer(kept), total: format.integer(weights), share: format.percent(macs / all),
        });
        attribute(tab, 'aria-label', words);
        attribute(tab, 'title', words);
      });
    },
  };
}
