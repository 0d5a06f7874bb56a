// The network as a picture: the image it looks at, its kernels, its linear layer, what it says.

import { sizeOfMost } from '../../model/histogram.js';
import { isTwoConv } from '../../model/strip.js';
import { areShort, classNames } from '../kit/class-names.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { createFilterSheet } from './filter-sheet.js';
import { createLateTiles } from './late-tiles.js';
import { createLayerPicture } from './layer-picture.js';
import { createLayers } from './layers.js';
import { createLegend } from './legend.js';
import createStrip from './strip.js';
import { paintImage } from '../data/paint-image.js';
import { createSeen } from '../kit/seen.js';
import { createTrouble } from '../bar/trouble.js';

/** @import {DatasetInfo, LayerInfo} from '../../generated/protocol.d.ts' */
/** @import {Detail} from '../../model/detail.js' */
/** @import {Examples, Scores, State} from '../../state/types.d.ts' */
/** @import {Place} from '../kit/seen.js' */
/** @import {Frame, Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createNetwork(view) {
  const { t, session } = view;
  const readout = output('weight-readout', { class: 'note' });
  /** @type {Place | null} */
  let place = null;
  /** Whether the network is the article's: all its layers are seen at once, and what each filter sees. */
  let two = true;
  const tell = (/** @type {string | null} */ text, /** @type {Place | null} */ pointed) => {
    show(readout, text ?? t(two ? 'weight-hint' : 'weight-hint-plain'));
    place = pointed;
    view.invalidate();
  };
  const input = createInput(view);
  const answers = createAnswers(view);
  const layers = createLayers(view);
  const pictures = h('div', { class: 'pictures' });
  const strip = createStrip(view, (layer) => {
    chosen = layer;
    layers.reveal(layer);
    view.invalidate();
  });
  let chosen = 0;
  let drawnOf = -1;
  const legend = createLegend(view);
  const heading = h('h2', { text: t('network-heading') });
  const loading = createLoading(view);
  const table = createFilterSheet(view, () => ({ pictures: drawn, limit }));
  const trouble = createTrouble(view);
  const element = h('section', { class: 'network', 'aria-label': t('network-heading') },
    h('div', { class: 'heading' }, heading, h('div', { class: 'legend-box' }, legend.element, table.button)),
    table.panel, trouble.element, loading.element, strip.element, pictures, readout, layers.element);
  /** @type {LayerInfo[] | null} */
  let shown = null;
  /** Whether the network is too large for the page to hold. */
  let tiled = false;
  /** @type {(ReturnType<typeof createLayerPicture> | ReturnType<typeof createLateTiles>)[]} */
  let drawn = [];
  /** The end of the colour scale, shared by all layers: all but the largest 2% of the weights lie within. */
  let limit = 1;
  /** What that was measured of. @type {Scores | Detail | null} */
  let measured = null;
  tell(null, null);
  return {
    element,
    update(frame) {
      const { state } = frame;
      loading.update(frame);
      trouble.update(frame);
      const large = state.scores ? state.scores.tables !== null : tiled;
      if ((state.layers !== shown || large !== tiled) && state.layers.length > 0) begin(state, large);
      if (!two && chosen !== drawnOf) draw(state.layers);
      pictures.hidden = shown === null || state.trouble !== null;
      strip.element.hidden = two || pictures.hidden;
      if (!two) strip.update(frame, chosen);
      measure(state);
      const last = legend.update(frame, limit);
      drawn.forEach((picture) => picture.update(frame, limit, last));
      input.update(frame, two ? place : null);
      answers.update(frame);
      layers.update(frame);
    },
    destroy: () => drawn.forEach((picture) => picture.destroy()),
  };

  /** @param {State} state */
  function measure(state) {
    const { scores } = state;
    const detail = session.detailer.layer(state, chosen);
    const now = detail ?? scores;
    if (!now || now === measured) return;
    measured = now;
    limit = (detail ? sizeOfMost(detail.weights, detail.kept, 0.98) : sizeOfMost(now.weights, scores?.masks ?? new Uint8Array(), 0.98)) || 1;
  }

  /**
   * @param {State} state With another network.
   * @param {boolean} large
   */
  function begin({ layers, network }, large) {
    shown = layers;
    tiled = large;
    two = isTwoConv(network) && !large;
    chosen = 0;
    // A square may be a block of them.
    show(heading, t(two ? 'network-heading' : 'network-panel'));
    draw(layers);
  }

  /**
   * All layers of the article's network, else the one that is chosen.
   * @param {LayerInfo[]} layers
   */
  function draw(layers) {
    drawn.forEach((picture) => picture.destroy());
    drawnOf = chosen;
    const indices = two ? layers.map((_, i) => i) : [chosen];
    drawn = indices.map((i) => tiled ? createLateTiles(layers[i], i, view, (text) => tell(text, null)) : createLayerPicture(layers[i], offset(layers, i), view, (text, filter) => tell(text, filter === null ? null : { layer: i, filter }), !two));
    pictures.replaceChildren(input.element, ...drawn.map((picture) => picture.element), answers.element);
    pictures.classList.toggle('one', !two);
    tell(null, null);
  }
}

/**
 * @param {LayerInfo[]} layers
 * @param {number} index
 */
function offset(layers, index) {
  return layers.slice(0, index).reduce((sum, { weights }) => sum + weights, 0);
}

/** @param {View} view */
function createInput(view) {
  const { t } = view;
  const seen = createSeen(view);
  const canvas = h('canvas', { class: 'input-image', 'aria-hidden': 'true' });
  const name = h('b');
  const size = h('span');
  const element = h('figure', { class: 'input' }, h('figcaption', {}, name, size), h('div', {}, canvas, seen.element));
  /** @type {Uint8Array | null} */
  let images = null;
  let index = -1;
  return {
    element,
    /**
     * @param {Frame} frame
     * @param {Place | null} place
     */
    update(frame, place) {
      const { examples, dataset, chosenExample } = frame.state;
      seen.update(frame, place);
      if (!examples || !dataset) return;
      if (images !== examples.images || index !== chosenExample) {
        images = examples.images;
        index = chosenExample;
        paintImage(canvas, examples, dataset, index);
      }
      show(name, classNames(dataset, t)[examples.labels[chosenExample]]);
      const key = dataset.channels === 1 ? 'size-grey' : 'size-colour';
      show(size, t(key, { width: String(dataset.width), height: String(dataset.height) }));
    },
  };
}

/** @param {View} view */
function createAnswers({ t, format }) {
  const list = h('div', { class: 'answers' });
  const element = h('figure', { class: 'output' }, h('figcaption', {}, h('b', { text: t('output') })), list);
  /** @type {DatasetInfo | null} */
  let shown = null;
  /** @type {{row: HTMLElement, bar: HTMLElement}[]} */
  let rows = [];
  return {
    element,
    /** @param {Frame} frame */
    update({ state, outcome }) {
      const { dataset, examples, chosenExample } = state;
      if (!dataset || !examples) return;
      const names = classNames(dataset, t);
      if (dataset !== shown) {
        shown = dataset;
        rows = names.map((name) => {
          const bar = h('i');
          return { bar, row: h('div', { class: 'answer' }, h('span', { text: name, title: name }), h('div', { class: 'meter' }, bar)) };
        });
        list.replaceChildren(...rows.map(({ row }) => row));
        list.classList.toggle('long', !areShort(names));
      }
      const probabilities = outcome?.probabilities ?? examples.probabilities;
      rows.forEach(({ row, bar }, i) => {
        const share = probabilities[chosenExample * rows.length + i];
        const width = `${(100 * share).toFixed(1)}%`;
        if (bar.style.width !== width) bar.style.width = width;
        attribute(row, 'title', `${names[i]}: ${format.percent(share)}`);
        row.classList.toggle('true', i === examples.labels[chosenExample]);
      });
    },
  };
}

/** @param {View} view */
function createLoading({ t, format }) {
  const words = output('progress');
  const bar = h('progress', { max: 1, 'aria-label': t('loading') });
  const element = h('div', { class: 'loading' }, words, bar);
  return {
    element,
    /** @param {Frame} frame */
    update({ state }) {
      const text = sentence(state);
      element.hidden = text === null;
      if (text === null) return;
      show(words, text, state.progress?.loaded ?? null);
      bar.hidden = state.awaitingFiles !== null && !state.progress;
      if (state.progress && state.progress.total > 0) bar.value = state.progress.loaded / state.progress.total;
      else bar.removeAttribute('value');
    },
  };

  /** @param {State} state */
  function sentence({ phase, progress, config, awaitingFiles }) {
    if (phase === 'dead') return null;
    if (progress) {
      const compiling = progress.total > 0 && progress.loaded >= progress.total;
      if (compiling && progress.what === 'bundle') return t('compiling', { total: format.bytes(progress.total) });
      const key = progress.what === 'bundle' ? 'downloading-bundle' : 'downloading-data';
      return t(key, { loaded: format.bytes(progress.loaded), total: format.bytes(Math.max(progress.total, progress.loaded)) });
    }
    if (phase === 'loading') return t('loading');
    if (phase === 'restarting') return t('restarting');
    if (config) return null;
    return awaitingFiles ? t(`awaiting-${awaitingFiles}`) : t('preparing');
  }
}
