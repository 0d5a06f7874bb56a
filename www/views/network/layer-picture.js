// One layer's weights as a picture with a caption; pointing at a square reads it out.

import { NEVER } from '../../model/ranking.js';
import { classNames } from '../kit/class-names.js';
import { attribute, h, show } from '../kit/dom.js';
import { isPress } from '../kit/drag.js';
import { createFilterKeys } from './filter-keys.js';
import { arrange, gridOf, groupBox, paint, weightAt } from './kernels.js';
import { arrangeMatrix, blockAt, paintMatrix, readBlock } from './matrix.js';
import { scoreSymbol } from '../pruning/method-words.js';
import { SCALE } from './picture.js';
import { NO_GROUP, placeOf } from './place-words.js';
import { createSurface } from '../kit/surface.js';
import { layerName } from '../kit/layer-name.js';

/** @import {LayerInfo} from '../../generated/protocol.d.ts' */
/** @import {Scores} from '../../state/types.d.ts' */
/** @import {Layout} from './kernels.js' */
/** @import {Matrix} from './matrix.js' */
/** @import {Theme} from '../bar/theme.js' */
/** @import {Frame, View} from '../kit/view.d.ts' */

/**
 * @param {LayerInfo} layer
 * @param {number} offset The layer's first weight in the concatenated arrays.
 * @param {View} view
 * @param {(text: string | null, filter: number | null) => void} tell Where the weight or filter that is pointed at is read out.
 * @param {boolean} whole Whether a layer that has no room for all its squares is thinned, and not cut off.
 */
export function createLayerPicture(layer, offset, { t, format, invalidate }, tell, whole) {
  const surface = createSurface(invalidate, { role: 'img', 'data-testid': `picture-${layer.name}` });
  const grid = gridOf(layer);
  const shapeKey = grid.linear ? 'shape-linear' : layer.reads.length === 0 ? 'shape-depthwise' : 'shape-conv';
  const shape = t(shapeKey, { groups: format.integer(grid.groups), tiles: format.integer(grid.tiles), side: String(grid.side) });
  const shown = h('span', { text: shape });
  const element = h('figure', { class: `layer ${layer.name}` },
    h('figcaption', {}, h('b', { text: layerName(layer.name, t) }), shown), surface.box);
  /** @type {Layout | null} */
  let layout = null;
  /** In place of that, where it would show a part only. @type {Matrix | null} */
  let matrix = null;
  let painted = { scores: /** @type {Scores | null} */ (null), gone: /** @type {Uint8Array | null} */ (null), theme: /** @type {Theme | null} */ (null), last: /** @type {number | null} */ (null), width: 0, height: 0, ratio: 0 };
  /** @type {Frame | null} */
  let frame = null;
  let end = 1;

  /** @type {ReturnType<typeof weightAt>} */
  let hit = null;
  /** @type {ReturnType<typeof blockAt>} */
  let square = null;
  const ring = h('i', { class: 'ring', hidden: true });
  surface.box.append(ring);
  const keys = grid.linear ? null : createFilterKeys(surface.canvas, grid.groups, point);
  const pointAt = (/** @type {PointerEvent} */ { offsetX, offsetY }) => {
    hit = layout && !matrix ? weightAt(layout, offsetX, offsetY) : null;
    square = matrix && blockAt(matrix, offsetX, offsetY);
    point();
  };
  surface.canvas.addEventListener('pointermove', pointAt);
  surface.canvas.addEventListener('pointerdown', (event) => {
    pointAt(event);
    if (hit && isPress(event)) keys?.choose(hit.group);
  });
  surface.canvas.addEventListener('pointerleave', ({ pointerType }) => {
    hit = null;
    square = null;
    // A finger that is lifted has not gone elsewhere: what it has touched stays until another place is.
    if (pointerType !== 'touch' || !keys) point();
  });

  /** Tells of what is pointed at, else of the filter that the keyboard is at. */
  function point() {
    const filter = keys ? hit?.group ?? keys.at() : null;
    const box = layout && !matrix && filter !== null ? groupBox(layout, filter) : null;
    ring.hidden = box === null;
    if (box) for (const [side, length] of Object.entries(box)) ring.style.setProperty(side, `${length}px`);
    if (frame && keys) keys.say(describeFilter(frame, keys.filter()) ?? '');
    if (frame && matrix && square) return tell(describeBlock(frame, matrix, square), null);
    return tell(frame && (hit ? describe(frame, hit) : filter === null ? null : describeFilter(frame, filter)), filter);
  }

  /**
   * @param {Frame} shownFrame
   * @param {number} filter
   */
  function describeFilter({ cut }, filter) {
    if (!cut) return null;
    const size = grid.tiles * grid.side ** 2;
    const gone = cut.gone.subarray(offset + filter * size, offset + (filter + 1) * size).reduce((sum, flag) => sum + flag, 0);
    return t('filter-at', { layer: layerName(layer.name, t), filter: format.integer(filter + 1), kept: format.integer(size - gone), total: format.integer(size) });
  }

  /**
   * What is in a square of the matrix, exactly, and its largest weight.
   * @param {Frame} shownFrame
   * @param {Matrix} of
   * @param {NonNullable<ReturnType<typeof blockAt>>} at
   */
  function describeBlock({ state: { scores, dataset }, cut }, of, at) {
    if (!scores || !cut) return null;
    const [weights, gone] = [scores.weights, cut.gone].map((all) => all.subarray(offset, offset + layer.weights));
    const read = readBlock(of, at, /** @type {Float32Array} */ (weights), /** @type {Uint8Array} */ (gone));
    const index = read.largest % of.depth;
    const within = { group: grid.linear ? read.input : read.output, tile: grid.linear ? read.output : read.input, row: Math.floor(index / grid.side), column: index % grid.side, index };
    return t('matrix-block', {
      layer: layerName(layer.name, t), from: format.integer(at.inputs[0] + 1), to: format.integer(at.inputs[1]),
      first: format.integer(at.outputs[0] + 1), last: format.integer(at.outputs[1]), kept: format.integer(read.kept), total: format.integer(read.total),
      mean: format.small(read.mean), weight: format.small(weights[read.largest]), place: placeOf(grid, within, classesOf(dataset), { t, format }),
      score: scoreOf(scores, offset, read.largest, { t, format }), fate: t(gone[read.largest] === 1 ? 'removed' : 'kept'),
    });
  }

  /**
   * The words for a weight.
   * @param {Frame} shownFrame
   * @param {NonNullable<ReturnType<typeof weightAt>>} hit
   */
  function describe({ state: { scores, dataset }, cut }, hit) {
    if (!scores) return null;
    const weight = scores.weights[offset + hit.index];
    const gone = cut?.gone[offset + hit.index] === 1;
    return t('weight-at', {
      layer: layerName(layer.name, t), place: placeOf(grid, hit, classesOf(dataset), { t, format }),
      weight: format.small(weight), score: scoreOf(scores, offset, hit.index, { t, format }), fate: t(gone ? 'removed' : 'kept'),
    });
  }

  /**
   * The names of a layer's outputs: those of the classes, where it is the last.
   * @param {Frame['state']['dataset']} dataset
   */
  function classesOf(dataset) {
    return dataset && layer.own.every((group) => group === NO_GROUP) ? classNames(dataset, t) : [];
  }

  /**
   * @param {number} some
   * @param {number} all
   */
  function part(some, all) {
    return some < all ? t('excerpt', { shown: format.integer(some), all: format.integer(all) }) : format.integer(all);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Scores} scores
   * @param {Uint8Array} gone
   * @param {{limit: number, last: number | null, ratio: number}} how
   * @param {Theme} theme
   */
  function paintAll(context, scores, gone, how, theme) {
    const end = offset + layer.weights;
    if (matrix) paintMatrix(context, matrix, scores.weights.subarray(offset, end), gone.subarray(offset, end), how, theme);
    else if (layout) paint(context, layout, scores, { offset, gone, ...how }, theme);
  }

  return {
    element,
    destroy: surface.destroy,
    /**
     * The picture once more, at the scale of one to keep; null while there is none.
     * @returns {{canvas: HTMLCanvasElement, caption: string} | null}
     */
    copy() {
      const { scores, gone, theme, last, width, height } = painted;
      const canvas = h('canvas', { width: width * SCALE, height: height * SCALE });
      const context = canvas.getContext('2d');
      if (!scores || !gone || !theme || !layout || !context) return null;
      paintAll(context, scores, gone, { limit: end, last, ratio: SCALE }, theme);
      return { canvas, caption: layerName(layer.name, t) };
    },
    /**
     * @param {Frame} next
     * @param {number} limit The weight at the end of the colour scale.
     * @param {number | null} last The step at the end of the scale of cuts; null shows the weights.
     */
    update(next, limit, last) {
      frame = next;
      const { state: { scores }, cut, theme } = next;
      if (!scores || !cut) return;
      const size = surface.size();
      const { gone } = cut;
      const resized = size.width !== painted.width || size.height !== painted.height || size.ratio !== painted.ratio;
      if (!resized && painted.scores === scores && painted.gone === gone && painted.theme === theme && painted.last === last) return;
      const context = surface.prepare();
      if (!context) return;
      if (resized || !layout) {
        layout = arrange(grid, size.width, size.height);
        const cutOff = layout.shownGroups < grid.groups || layout.shownTiles < grid.tiles;
        matrix = whole && cutOff ? arrangeMatrix(layer.shape, size.width, size.height) : null;
        attribute(surface.canvas, 'data-block', matrix && matrix.block.join('×'));
      }
      paintAll(context, scores, gone, { limit, last, ratio: size.ratio }, theme);
      if (keys) keys.say(describeFilter(next, keys.filter()) ?? '');
      painted = { scores, gone, theme, last, ...size };
      end = limit;
      const thinned = matrix && matrix.block[0] * matrix.block[1] * matrix.depth > 1;
      if (matrix) show(shown, thinned ? t(matrix.depth > 1 ? 'matrix-kernels' : 'matrix-thinned', { shape, outputs: String(matrix.block[0]), inputs: String(matrix.block[1]) }) : shape);
      else show(shown, t(shapeKey, { groups: part(layout.shownGroups, grid.groups), tiles: part(layout.shownTiles, grid.tiles), side: String(grid.side) }));
      attribute(surface.canvas, 'aria-label', t(last === null ? 'picture-label' : 'picture-label-cuts', { layer: layerName(layer.name, t), shape }));
    },
  };
}

/**
 * The score that decides when a weight goes.
 * @param {Scores} scores
 * @param {number} offset Of the layer.
 * @param {number} own Within the layer.
 * @param {Pick<View, 't' | 'format'>} words
 */
function scoreOf({ ranks, sorted, masks, cutAt, method }, offset, own, { t, format }) {
  const index = offset + own;
  if (masks[index] === 0) return t('score-held', { step: format.integer(cutAt[index]) });
  if (ranks[index] === NEVER) {
    const first = index - (own % 4);
    const goes = method.granularity === '2:4' && ranks.subarray(first, first + 4).some((rank) => rank !== NEVER);
    return t(goes ? 'score-stays' : 'score-never');
  }
  return t('score-is', { symbol: scoreSymbol(method, t), score: format.small(sorted[ranks[index]]) });
}
