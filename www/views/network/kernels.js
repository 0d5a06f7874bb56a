// The picture of a layer: every square is a weight. Where the squares go, and painting them. Pure but for the canvas.

import { ageOf } from '../../model/cut-age.js';
import { AGE_STEPS, SCALE_STEPS, pixel } from '../bar/theme.js';

/** @import {LayerInfo} from '../../generated/protocol.d.ts' */
/** @import {Scores} from '../../state/types.d.ts' */
/** @import {Theme} from '../bar/theme.js' */

/** No square is smaller: hatching would no longer be seen. */
const SMALLEST = 2;
const LARGEST = 18;

/**
 * A layer as groups of tiles: for a convolution a filter and its kernels, for the linear layer an
 * input and its weights to the classes.
 * @typedef {object} Grid
 * @property {number} groups
 * @property {number} tiles Tiles in a group.
 * @property {number} side Squares along a tile.
 * @property {boolean} linear
 */

/**
 * @typedef {Grid & {cell: number, gap: number, space: number, vertical: boolean, perRow: number,
 *   shownGroups: number, shownTiles: number}} Layout All lengths in CSS pixels.
 */

/** @typedef {{line: number, ground: number, period: number, ratio: number}} Hatch Pixels of a line and of the ground; lengths in device pixels. */

/**
 * @param {LayerInfo} layer
 * @returns {Grid}
 */
export function gridOf({ shape }) {
  const [outputs, inputs, side] = shape;
  return side === undefined
    ? { groups: inputs, tiles: outputs, side: 1, linear: true }
    : { groups: outputs, tiles: inputs, side, linear: false };
}

/**
 * The arrangement with the largest squares; where not even the smallest fit, the first filters and inputs.
 * @param {Grid} grid
 * @param {number} width
 * @param {number} height
 * @returns {Layout}
 */
export function arrange(grid, width, height) {
  const { groups, tiles, side, linear } = grid;
  const gap = linear ? 0 : 2;
  const space = linear ? 4 : tiles === 1 ? 6 : 4;
  let best = { cell: 0, vertical: false, perRow: 1 };
  for (const vertical of linear ? [false] : [false, true]) {
    for (let perRow = 1; perRow <= groups; perRow += 1) {
      const rows = Math.ceil(groups / perRow);
      const [across, down] = vertical ? [1, tiles] : [tiles, 1];
      // Rows of the linear layer touch, so that it reads as one matrix.
      const between = linear ? 0 : space;
      const cellX = (width - perRow * (across - 1) * gap - (perRow - 1) * space) / (perRow * across * side);
      const cellY = (height - rows * (down - 1) * gap - (rows - 1) * between) / (rows * down * side);
      const cell = Math.min(LARGEST, Math.floor(Math.min(cellX, cellY)));
      if (cell > best.cell) best = { cell, vertical, perRow };
    }
  }
  if (best.cell < SMALLEST) return excerpt(grid, width, height);
  return loosened({ ...grid, ...best, gap, space, shownGroups: groups, shownTiles: tiles }, width, height);
}

/**
 * Uses room that is left over to set kernels further apart, which makes each easier to see.
 * @param {Layout} layout
 * @param {number} width
 * @param {number} height
 * @returns {Layout}
 */
function loosened(layout, width, height) {
  if (layout.linear) return layout;
  const { perRow, shownGroups } = layout;
  let best = layout;
  for (let extra = 1; extra <= 4; extra += 1) {
    const wider = { ...layout, gap: layout.gap + extra, space: layout.space + extra };
    const { groupX, groupY } = pitches(wider);
    if (perRow * groupX - wider.space > width) return best;
    if (Math.ceil(shownGroups / perRow) * groupY - wider.space > height) return best;
    best = wider;
  }
  return best;
}

/**
 * @param {Grid} grid
 * @param {number} width
 * @param {number} height
 * @returns {Layout}
 */
function excerpt(grid, width, height) {
  const gap = grid.linear ? 0 : 1;
  const space = grid.linear ? 3 : 1;
  const pitch = grid.side * SMALLEST + gap;
  const shownTiles = Math.max(1, Math.min(grid.tiles, Math.floor((width + gap) / pitch)));
  const down = Math.max(1, Math.floor((height + gap) / pitch));
  const perRow = grid.linear ? Math.max(1, Math.floor((width + space) / (shownTiles * pitch + space))) : 1;
  const shownGroups = Math.min(grid.groups, down * perRow);
  return { ...grid, cell: SMALLEST, gap, space, vertical: false, perRow, shownGroups, shownTiles };
}

/**
 * Pixels between the origins of neighbouring groups.
 * @param {Layout} layout
 */
function pitches({ cell, side, gap, space, vertical, linear, shownTiles }) {
  const tile = cell * side;
  const [across, down] = vertical ? [1, shownTiles] : [shownTiles, 1];
  return {
    tile: tile + gap,
    groupX: across * tile + (across - 1) * gap + space,
    groupY: down * tile + (down - 1) * gap + (linear ? 0 : space),
  };
}

/**
 * Where a weight lies in its layer's array.
 * @param {Layout} layout
 * @param {number} group
 * @param {number} tile
 */
function tileStart({ linear, groups, tiles, side }, group, tile) {
  return linear ? tile * groups + group : (group * tiles + tile) * side * side;
}

/**
 * The weight under a point.
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @returns {{group: number, tile: number, row: number, column: number, index: number} | null} `index` within the layer.
 */
export function weightAt(layout, x, y) {
  const { tile: pitch, groupX, groupY } = pitches(layout);
  const { cell, side, vertical, perRow, shownGroups, shownTiles } = layout;
  const column = Math.floor(x / groupX);
  const group = Math.floor(y / groupY) * perRow + column;
  const inX = x - column * groupX;
  const inY = y - Math.floor(y / groupY) * groupY;
  const tile = Math.floor((vertical ? inY : inX) / pitch);
  const alongX = Math.floor((vertical ? inX : inX - tile * pitch) / cell);
  const alongY = Math.floor((vertical ? inY - tile * pitch : inY) / cell);
  if (x < 0 || y < 0 || column >= perRow || group >= shownGroups || tile >= shownTiles) return null;
  if (alongX >= side || alongY >= side) return null;
  return { group, tile, row: alongY, column: alongX, index: tileStart(layout, group, tile) + alongY * side + alongX };
}

/**
 * Where a group lies.
 * @param {Layout} layout
 * @param {number} group
 * @returns {{left: number, top: number, width: number, height: number} | null} null where it is not shown.
 */
export function groupBox(layout, group) {
  const { groupX, groupY } = pitches(layout);
  const { perRow, shownGroups, space, linear } = layout;
  if (group >= shownGroups) return null;
  return { left: (group % perRow) * groupX, top: Math.floor(group / perRow) * groupY, width: groupX - space, height: groupY - (linear ? 0 : space) };
}

/**
 * Paints a layer at the device's resolution.
 * @param {CanvasRenderingContext2D} context
 * @param {Layout} layout
 * @param {Scores} scores
 * @param {{offset: number, gone: Uint8Array, limit: number, last: number | null, ratio: number}} what The layer's first
 *   weight, what is cut, the weight at the end of the scale, the step at the end of the scale of cuts where these are
 *   shown, device pixels to a CSS pixel.
 * @param {Theme} theme
 */
export function paint(context, layout, scores, { offset, gone, limit, last, ratio }, theme) {
  const image = context.createImageData(context.canvas.width, context.canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const middle = pixel(theme.middle);
  const colour = last === null ? weightColour(scores, limit, theme) : () => middle;
  const hatch = hatchOf(scores, last, ratio, theme);
  const { tile: pitch, groupX, groupY } = pitches(layout);
  const { cell, side, vertical, perRow, shownGroups, shownTiles } = layout;
  const square = cell >= 5 ? cell * ratio - Math.max(1, Math.floor(ratio / 2)) : cell * ratio;
  for (let group = 0; group < shownGroups; group += 1) {
    const left = (group % perRow) * groupX;
    const top = Math.floor(group / perRow) * groupY;
    for (let tile = 0; tile < shownTiles; tile += 1) {
      const start = offset + tileStart(layout, group, tile);
      const tileX = left + (vertical ? 0 : tile * pitch);
      const tileY = top + (vertical ? tile * pitch : 0);
      for (let i = 0; i < side * side; i += 1) {
        const x = (tileX + (i % side) * cell) * ratio;
        const y = (tileY + Math.floor(i / side) * cell) * ratio;
        const index = start + i;
        if (gone[index] === 1) {
          hatchSquare(pixels, image.width, x, y, square, hatch(index));
        } else {
          fillSquare(pixels, image.width, x, y, square, colour(index));
        }
      }
    }
  }
  context.putImageData(image, 0, 0);
}

/**
 * The pixel of a kept weight.
 * @param {Scores} scores
 * @param {number} limit
 * @param {Theme} theme
 * @returns {(index: number) => number}
 */
function weightColour({ weights }, limit, { scale }) {
  const half = (SCALE_STEPS - 1) / 2;
  return (index) => scale[Math.round(half + Math.max(-1, Math.min(1, weights[index] / limit)) * half)];
}

/**
 * The hatching of a cut weight: on the colour of its cut where these are shown and the mask holds it already.
 * @param {Scores} scores
 * @param {number | null} last
 * @param {number} ratio
 * @param {Theme} theme
 * @returns {(index: number) => Hatch}
 */
function hatchOf({ cutAt }, last, ratio, theme) {
  const ground = pixel(theme.background);
  const plain = { line: pixel(theme.hatch), ground, period: 4 * ratio, ratio };
  if (last === null) return () => plain;
  const dated = Array.from(theme.ages, (age) => ({ ...plain, line: ground, ground: age }));
  return (index) => {
    const age = ageOf(cutAt[index], last);
    return age === null ? plain : dated[Math.round(age * (AGE_STEPS - 1))];
  };
}

/**
 * @param {Uint32Array} pixels
 * @param {number} stride
 * @param {number} left
 * @param {number} top
 * @param {number} size
 * @param {number} colour
 */
export function fillSquare(pixels, stride, left, top, size, colour) {
  for (let y = top; y < top + size; y += 1) pixels.fill(colour, y * stride + left, y * stride + left + size);
}

/**
 * @param {Uint32Array} pixels
 * @param {number} stride
 * @param {number} left
 * @param {number} top
 * @param {number} size
 * @param {Hatch} hatch
 */
export function hatchSquare(pixels, stride, left, top, size, { line, ground, period, ratio }) {
  for (let y = top; y < top + size; y += 1) {
    for (let x = left; x < left + size; x += 1) {
      pixels[y * stride + x] = (x + y) % period < ratio ? line : ground;
    }
  }
}
