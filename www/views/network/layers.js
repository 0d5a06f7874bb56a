// Kept weights and multiply-accumulates, layer by layer, and what they add up to. By hand, each layer has its slider here.

import { layerGroups } from '../../model/ranking.js';
import { withLayer } from '../../model/selection.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { layerName } from '../kit/layer-name.js';

/** @import {LayerInfo} from '../../generated/protocol.d.ts' */
/** @import {Frame, View} from '../kit/view.d.ts' */

/** Layers that have room one below the other. */
const FEW = 3;

/**
 * Elsewhere these keys move the slider.
 * @param {KeyboardEvent} event
 */
function keep(event) {
  if (event.target === event.currentTarget && event.key.startsWith('Arrow')) event.stopPropagation();
}

/** @param {View} view */
export function createLayers(view) {
  const { t, format } = view;
  const element = h('div', { class: 'layers', 'data-testid': 'layers', onkeydown: keep });
  /** @type {LayerInfo[] | null} */
  let shown = null;
  /** @type {{bar: HTMLElement, kept: HTMLElement, macs: HTMLElement, slider: ReturnType<typeof createLayerSlider>}[]} */
  let rows = [];
  const all = { bar: h('i'), kept: output('kept-all'), macs: output('macs-all') };
  return {
    element,
    /**
     * Where the layers scroll, to this one.
     * @param {number} layer
     */
    reveal(layer) {
      const row = rows[layer]?.bar.parentElement;
      if (row) element.scrollTop = row.offsetTop - element.clientHeight / 3;
    },
    /** @param {Frame} frame */
    update(frame) {
      const { state: { layers, selection }, cut } = frame;
      if (layers !== shown) {
        shown = layers;
        rows = layers.map(({ name }, i) => ({ bar: h('i'), kept: output(`kept-${name}`), macs: output(`macs-${name}`), slider: createLayerSlider(name, i, view) }));
        element.replaceChildren(
          ...layers.flatMap(({ name }, i) => [...cells(layerName(name, t), rows[i]), rows[i].slider.element]),
          ...(layers.length > 0 ? cells(t('layers-all'), all).map((cell) => h('div', { class: 'sum' }, cell)) : []));
      }
      element.classList.toggle('by-hand', selection.by === 'layers');
      // With more than these, they scroll in a box of their own.
      const many = layers.length > FEW;
      element.classList.toggle('many', many);
      attribute(element, 'tabindex', many ? '0' : null);
      attribute(element, 'role', many ? 'region' : null);
      attribute(element, 'aria-label', many ? t('layers-region') : null);
      const sum = { weights: 0, count: 0, macs: 0 };
      rows.forEach((row, i) => {
        const { weights, macs } = layers[i];
        const count = cut?.kept[i] ?? weights;
        // Every weight of a layer is used equally often.
        const left = (macs / weights) * count;
        fill(row, count, weights, left);
        row.slider.update(frame);
        sum.weights += weights;
        sum.count += count;
        sum.macs += left;
      });
      if (rows.length > 0) fill(all, sum.count, sum.weights, sum.macs);
    },
  };

  /**
   * @param {string} name
   * @param {{bar: HTMLElement, kept: HTMLElement, macs: HTMLElement}} row
   */
  function cells(name, { bar, kept, macs }) {
    return [h('span', { text: name }), h('div', { class: 'meter' }, bar), kept, macs];
  }

  /**
   * @param {{bar: HTMLElement, kept: HTMLElement, macs: HTMLElement}} row
   * @param {number} count
   * @param {number} weights
   * @param {number} left Multiply-accumulates for one image, without those by cut weights.
   */
  function fill({ bar, kept, macs }, count, weights, left) {
    const width = `${(100 * count) / weights}%`;
    if (bar.style.width !== width) bar.style.width = width;
    show(kept, `${format.integer(count)} / ${format.integer(weights)}`, count);
    show(macs, t('macs-kept', { macs: format.integer(left) }), left);
    attribute(macs, 'title', t('macs-meaning'));
  }
}

/**
 * How much of one layer goes.
 * @param {string} name
 * @param {number} layer
 * @param {View} view
 */
function createLayerSlider(name, layer, { t, format, session }) {
  const range = h('input', {
    type: 'range', class: 'track', min: 0, max: 100, step: 0.1, value: 0, 'data-testid': `slider-${name}`,
    oninput: () => session.select(withLayer(session.state.selection, layer, Number(range.value) / 100)),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const forward = ['ArrowRight', 'ArrowUp'].includes(event.key);
      if (event.ctrlKey || event.metaKey || event.altKey || (!forward && !['ArrowLeft', 'ArrowDown'].includes(event.key))) return;
      event.preventDefault();
      session.nudge((forward ? 1 : -1) * (event.shiftKey ? 0.05 : 0.01), layer);
    },
  });
  const share = output(`share-${name}`);
  const element = h('div', { class: 'layer-slider' }, range, share);
  return {
    element,
    /** @param {Frame} frame */
    update({ state: { selection, scores, layers }, cut }) {
      element.hidden = selection.by !== 'layers';
      if (selection.by !== 'layers' || !scores || !cut) return;
      const { units, held } = layerGroups(scores, layers)[layer];
      range.disabled = units === 0;
      attribute(range, 'aria-label', t(`layer-slider-${scores.method.granularity}`, { layer: layerName(name, t) }));
      // What is held stays removed, so that the slider can't stand below it.
      const removed = units === 0 ? 0 : Math.max(selection.value[layer], held / units);
      const place = String(Math.round(removed * 1000) / 10);
      if (range.value !== place) range.value = place;
      range.style.setProperty('--at', `${removed * 100}%`);
      const text = units === 0 ? '–' : format.percent(removed);
      attribute(range, 'aria-valuetext', text);
      show(share, text, units === 0 ? null : removed);
    },
  };
}
