// A layer of a network that is too large for the page to hold: cells of equal blocks of its matrix, a row a filter, asked for when
// the layer is looked at. The weight under the pointer is asked for by itself, and is exact.

import { cellAt, goneIn } from '../../model/detail.js';
import { classNames } from '../kit/class-names.js';
import { SCALE_STEPS, pixel } from '../bar/theme.js';
import { attribute, h, show } from '../kit/dom.js';
import { layerName } from '../kit/layer-name.js';
import { createSurface } from '../kit/surface.js';
import { gridOf } from './kernels.js';
import { isHatched } from './matrix.js';
import { SCALE } from './picture.js';
import { NO_GROUP, placeOf } from './place-words.js';

/** @import {LayerInfo} from '../../generated/protocol.d.ts' */
/** @import {Detail} from '../../model/detail.js' */
/** @import {Theme} from '../bar/theme.js' */
/** @import {Frame, View} from '../kit/view.d.ts' */

/** No cell is drawn larger, in CSS pixels. */
const LARGEST = 8;

/**
 * @param {LayerInfo} layer
 * @param {number} index Of the layer.
 * @param {View} view
 * @param {(text: string | null, filter: number | null) => void} tell Where the weight that is pointed at is read out.
 */
export function createTiledPicture(layer, index, view, tell) {
  const { t, format, invalidate, session } = view;
  const surface = createSurface(invalidate, { role: 'img', 'data-testid': `picture-${layer.name}` });
  const grid = gridOf(layer);
  const shapeKey = grid.linear ? 'shape-linear' : layer.reads.length === 0 ? 'shape-depthwise' : 'shape-conv';
  const shape = t(shapeKey, { groups: format.integer(grid.groups), tiles: format.integer(grid.tiles), side: String(grid.side) });
  const shown = h('span', { text: shape });
  const element = h('figure', { class: `layer ${layer.name}` },
    h('figcaption', {}, h('b', { text: layerName(layer.name, t) }), shown), surface.box);
  const row = layer.weights / layer.shape[0];
  /** @type {{detail: Detail | null, gone: Uint8Array | null, theme: Theme | null, limit: number, width: number, height: number, ratio: number}} */
  let painted = { detail: null, gone: null, theme: null, limit: 0, width: 0, height: 0, ratio: 0 };
  /** @type {{detail: Detail, units: number, by: readonly number[] | null} | null} What `gone` is of. */
  let counted = null;
  let gone = /** @type {Uint8Array} */ (new Uint8Array());
  /** The first weight of the cell that is pointed at. @type {{row: number, column: number} | null} */
  let at = null;
  /** @type {string | null} */
  let told = null;
  surface.canvas.addEventListener('pointermove', ({ offsetX, offsetY }) => {
    const { detail, width, height } = painted;
    at = detail && placeAt(detail, offsetX, offsetY, width, height);
    invalidate();
  });
  surface.canvas.addEventListener('pointerleave', () => {
    at = null;
    invalidate();
  });

  /** @param {Frame} frame */
  function describe({ state, cut }) {
    if (!at || !cut) return null;
    const found = session.detailer.weight(state, { layer: index, ...at });
    if (!found) return null;
    const inner = at.column % grid.side ** 2;
    const [output, input] = [at.row, Math.floor(at.column / grid.side ** 2)];
    const within = { group: grid.linear ? input : output, tile: grid.linear ? output : input, row: Math.floor(inner / grid.side), column: inner % grid.side };
    const classes = state.dataset && layer.own.every((group) => group === NO_GROUP) ? classNames(state.dataset, t) : [];
    const removed = found.held || found.rank < (cut.unitsIn?.[index] ?? cut.units);
    return t('weight-alone', { layer: layerName(layer.name, t), place: placeOf(grid, within, classes, { t, format }), weight: format.small(found.weight), fate: t(removed ? 'removed' : 'kept') });
  }

  return {
    element,
    destroy: surface.destroy,
    /** The picture once more, at the scale of one to keep; null while there is none. */
    copy() {
      const { detail, theme, limit, width, height } = painted;
      const canvas = h('canvas', { width: width * SCALE, height: height * SCALE });
      const context = canvas.getContext('2d');
      if (!detail || !theme || !context) return null;
      context.setTransform(SCALE, 0, 0, SCALE, 0, 0);
      paintCells(context, detail, gone, { limit, width, height }, theme);
      return { canvas, caption: layerName(layer.name, t) };
    },
    /**
     * @param {Frame} frame
     * @param {number} limit The weight at the end of the colour scale.
     */
    update(frame, limit) {
      const { state, cut, theme } = frame;
      const detail = session.detailer.layer(state, index);
      attribute(surface.canvas, 'aria-busy', detail ? null : 'true');
      if (!detail || !cut) return;
      if (counted?.detail !== detail || counted.units !== cut.units || counted.by !== cut.unitsIn) {
        counted = { detail, units: cut.units, by: cut.unitsIn };
        gone = goneIn(detail, cut);
      }
      const text = describe(frame);
      if (text !== told) {
        told = text;
        tell(text, null);
      }
      const size = surface.size();
      const same = painted.detail === detail && painted.gone === gone && painted.theme === theme && painted.limit === limit
        && painted.width === size.width && painted.height === size.height && painted.ratio === size.ratio;
      if (same) return;
      const context = surface.prepare();
      if (!context) return;
      paintCells(context, detail, gone, { limit, ...size }, theme);
      painted = { detail, gone, theme, limit, ...size };
      const [outputs, inputs] = detail.block;
      attribute(surface.canvas, 'data-block', outputs * inputs > 1 ? `${outputs}×${inputs}` : null);
      show(shown, outputs * inputs > 1 ? t('matrix-thinned', { shape, outputs: String(outputs), inputs: String(inputs) }) : shape);
      attribute(surface.canvas, 'aria-label', t('picture-label', { layer: layerName(layer.name, t), shape }));
    },
  };

  /**
   * @param {Detail} detail
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  function placeAt(detail, x, y, width, height) {
    const { cellWidth, cellHeight } = cellSize(detail, width, height);
    const place = { row: Math.floor(y / cellHeight) * detail.block[0], column: Math.floor(x / cellWidth) * detail.block[1] };
    const inside = place.row < layer.shape[0] && place.column < row && cellAt(detail, place.row, place.column) !== null;
    return inside ? place : null;
  }
}

/**
 * @param {Detail} detail
 * @param {number} width
 * @param {number} height
 */
function cellSize({ rows, columns }, width, height) {
  return { cellWidth: Math.min(LARGEST, width / columns), cellHeight: Math.min(LARGEST, height / rows) };
}

/**
 * @param {CanvasRenderingContext2D} context One unit is a CSS pixel.
 * @param {Detail} detail
 * @param {Uint8Array} gone Of each cell the share that is gone, to 255.
 * @param {{limit: number, width: number, height: number}} how
 * @param {Theme} theme
 */
function paintCells(context, detail, gone, { limit, width, height }, theme) {
  const { rows, columns, weights } = detail;
  const cells = new ImageData(columns, rows);
  const pixels = new Uint32Array(cells.data.buffer);
  const half = (SCALE_STEPS - 1) / 2;
  // A cell is too small for hatching: of the cells of an area as many are blank as weights are gone.
  const blank = pixel(theme.background);
  for (let i = 0; i < pixels.length; i += 1) {
    const removed = isHatched(255 - gone[i], 255, i % columns, Math.floor(i / columns));
    pixels[i] = removed ? blank : theme.scale[Math.round(half + Math.max(-1, Math.min(1, weights[i] / limit)) * half)];
  }
  const small = h('canvas', { width: columns, height: rows });
  small.getContext('2d')?.putImageData(cells, 0, 0);
  const { cellWidth, cellHeight } = cellSize(detail, width, height);
  context.imageSmoothingEnabled = cellWidth < 1 || cellHeight < 1;
  context.drawImage(small, 0, 0, columns * cellWidth, rows * cellHeight);
}
