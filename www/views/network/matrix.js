// A layer that has more weights than there is room for squares, as a matrix of its outputs and inputs: a square for a block of
// them, in the colour of the mean of the kept ones. Of the squares of an area as many are hatched as weights are gone.

import { SCALE_STEPS, pixel } from '../bar/theme.js';
import { fillSquare, hatchSquare } from './kernels.js';

/** @import {Theme} from '../bar/theme.js' */

/** No square is smaller: hatching would no longer be seen. */
const SMALLEST = 2;
const LARGEST = 8;

/** In which order the squares of four by four are hatched. */
const ORDER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];

/**
 * @typedef {object} Matrix
 * @property {number} outputs
 * @property {number} inputs
 * @property {number} depth Weights of an output and an input: those of a kernel.
 * @property {boolean} turned Outputs go across, and not down.
 * @property {[outputs: number, inputs: number]} block Of a square.
 * @property {number} cell CSS pixels of a square.
 * @property {number} columns
 * @property {number} rows
 */

/**
 * @param {number[]} shape Of the weights.
 * @param {number} width
 * @param {number} height
 * @returns {Matrix}
 */
export function arrangeMatrix([outputs, inputs, ...kernel], width, height) {
  const depth = kernel.reduce((product, side) => product * side, 1);
  const fit = (/** @type {boolean} */ turned) => {
    const [across, down] = turned ? [outputs, inputs] : [inputs, outputs];
    const [wide, tall] = [blockOf(across, width), blockOf(down, height)];
    const [columns, rows] = [Math.ceil(across / wide), Math.ceil(down / tall)];
    const cell = Math.max(1, Math.min(LARGEST, Math.floor(Math.min(width / columns, height / rows))));
    return { outputs, inputs, depth, turned, block: /** @type {[number, number]} */ (turned ? [wide, tall] : [tall, wide]), cell, columns, rows };
  };
  const [plain, turned] = [fit(false), fit(true)];
  const weightsOf = (/** @type {Matrix} */ { block: [of, from] }) => of * from;
  const [few, many] = [weightsOf(turned), weightsOf(plain)];
  return few < many || (few === many && turned.cell > plain.cell) ? turned : plain;
}

/**
 * The fewest for which all squares fit.
 * @param {number} count
 * @param {number} length
 */
function blockOf(count, length) {
  return Math.max(1, Math.ceil(count / Math.max(1, Math.floor(length / SMALLEST))));
}

/**
 * Of each square the mean of the kept weights, and the share of them that is gone.
 * @param {Matrix} matrix
 * @param {Float32Array} weights Of the layer.
 * @param {Uint8Array} gone
 */
export function blockMeans({ outputs, inputs, depth, turned, block, columns, rows }, weights, gone) {
  const sums = new Float64Array(columns * rows);
  const kept = new Uint32Array(columns * rows);
  const all = new Uint32Array(columns * rows);
  let index = 0;
  for (let output = 0; output < outputs; output += 1) {
    const far = Math.floor(output / block[0]);
    // The inputs of a square lie one after the other. Without a branch, since millions of weights are gone through in a frame.
    for (let near = 0; near * block[1] < inputs; near += 1) {
      const at = turned ? near * columns + far : far * columns + near;
      const run = Math.min(block[1], inputs - near * block[1]) * depth;
      let [sum, left] = [0, 0];
      for (const end = index + run; index < end; index += 1) {
        const stays = 1 - gone[index];
        sum += weights[index] * stays;
        left += stays;
      }
      sums[at] += sum;
      kept[at] += left;
      all[at] += run;
    }
  }
  return { means: sums.map((sum, i) => (kept[i] === 0 ? 0 : sum / kept[i])), kept, all };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Matrix} matrix
 * @param {Float32Array} weights Of the layer.
 * @param {Uint8Array} gone
 * @param {{limit: number, ratio: number}} how The weight at the end of the scale, device pixels to a CSS pixel.
 * @param {Theme} theme
 */
export function paintMatrix(context, matrix, weights, gone, { limit, ratio }, theme) {
  const { columns, rows, cell } = matrix;
  const { means, kept, all } = blockMeans(matrix, weights, gone);
  const image = context.createImageData(context.canvas.width, context.canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const half = (SCALE_STEPS - 1) / 2;
  const hatch = { line: pixel(theme.hatch), ground: pixel(theme.background), period: 4 * ratio, ratio };
  const size = cell >= 5 ? cell * ratio - 1 : cell * ratio;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const [x, y] = [column * cell * ratio, row * cell * ratio];
      if (isHatched(kept[at], all[at], column, row)) hatchSquare(pixels, image.width, x, y, size, hatch);
      else fillSquare(pixels, image.width, x, y, size, theme.scale[Math.round(half + Math.max(-1, Math.min(1, means[at] / limit)) * half)]);
    }
  }
  context.putImageData(image, 0, 0);
}

/**
 * @param {number} kept
 * @param {number} all
 * @param {number} column
 * @param {number} row
 */
export function isHatched(kept, all, column, row) {
  if (kept === 0) return true;
  return 1 - kept / all > (ORDER[(row % 4) * 4 + (column % 4)] + 0.5) / 16;
}

/**
 * The outputs and inputs of the square under a point.
 * @param {Matrix} matrix
 * @param {number} x
 * @param {number} y
 * @returns {{outputs: [number, number], inputs: [number, number]} | null} From and up to, without the last.
 */
export function blockAt({ outputs, inputs, turned, block, cell, columns, rows }, x, y) {
  const [column, row] = [Math.floor(x / cell), Math.floor(y / cell)];
  if (x < 0 || y < 0 || column >= columns || row >= rows) return null;
  const span = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ all) => /** @type {[number, number]} */ ([at * size, Math.min(all, (at + 1) * size)]);
  return { outputs: span(turned ? column : row, block[0], outputs), inputs: span(turned ? row : column, block[1], inputs) };
}

/**
 * Exactly what is in a square.
 * @param {Matrix} matrix
 * @param {{outputs: [number, number], inputs: [number, number]}} place
 * @param {Float32Array} weights Of the layer.
 * @param {Uint8Array} gone
 */
export function readBlock({ inputs, depth }, place, weights, gone) {
  let [kept, sum, largest] = [0, 0, -1];
  for (let output = place.outputs[0]; output < place.outputs[1]; output += 1) {
    const row = output * inputs;
    for (let index = (row + place.inputs[0]) * depth; index < (row + place.inputs[1]) * depth; index += 1) {
      if (gone[index] === 0) {
        kept += 1;
        sum += weights[index];
      }
      if (largest < 0 || Math.abs(weights[index]) > Math.abs(weights[largest])) largest = index;
    }
  }
  const total = (place.outputs[1] - place.outputs[0]) * (place.inputs[1] - place.inputs[0]) * depth;
  const input = Math.floor(largest / depth) % inputs;
  return { kept, total, mean: kept === 0 ? 0 : sum / kept, largest, output: Math.floor(largest / depth / inputs), input };
}
