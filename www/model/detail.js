// A layer's weights for a picture, thinned where it has more of them than can be sent. See `detail` in the protocol.

import { NEVER } from './ranking.js';

/** @import {Bulk, Event, Tile} from '../generated/protocol.d.ts' */
/** @import {Cut} from './ranking.js' */

/**
 * Cells of equal blocks of a layer's matrix, a row a filter, or of a part of it.
 * @typedef {object} Detail
 * @property {number} layer
 * @property {number} step Of the weights.
 * @property {Tile} tile The part of the matrix.
 * @property {number} rows Of cells.
 * @property {number} columns Of cells.
 * @property {[number, number]} block Rows and columns of weights that a cell is of; fewer at the end.
 * @property {Float32Array} weights Means; of a single weight, itself.
 * @property {Uint8Array} kept The share that the masks held keep, 0 to 255.
 * @property {Uint32Array} ranks Means of the ranks of those that may go, 4294967295 where none may.
 */

/**
 * @param {Extract<Event, {type: 'detail'}>} event
 * @param {Bulk} bulk
 * @returns {Detail}
 */
export function detailOf({ layer, step, tile, rows, columns, block }, { weights, masks, ranks }) {
  return { layer, step, tile, rows, columns, block, weights, kept: masks, ranks };
}

/**
 * The cell that a weight of the layer is in; null outside the tile.
 * @param {Detail} detail
 * @param {number} row Of the layer's matrix.
 * @param {number} column
 */
export function cellAt({ tile, block, columns }, row, column) {
  const [down, across] = [row - tile.row, column - tile.column];
  if (down < 0 || across < 0 || down >= tile.rows || across >= tile.columns) return null;
  return Math.floor(down / block[0]) * columns + Math.floor(across / block[1]);
}

/**
 * The share of each cell that a cut leaves out, 0 to 255: exactly of cells of one weight, else by the mean of its ranks, as if they
 * lay evenly around it.
 * @param {Detail} detail
 * @param {Pick<Cut, 'units' | 'unitsIn' | 'unitsTotal'>} cut
 * @returns {Uint8Array}
 */
export function goneIn({ layer, block, kept, ranks }, { units, unitsIn, unitsTotal }) {
  const depth = unitsIn?.[layer] ?? units;
  const single = block[0] * block[1] === 1;
  return Uint8Array.from(kept, (share, i) => {
    const rank = ranks[i];
    const gone = rank === NEVER ? 0 : single ? Number(rank < depth) : shareBelow(rank, depth, unitsTotal);
    // What is held is gone already; ranks of it are among the lowest.
    return Math.max(255 - share, Math.round(255 * gone));
  });
}

/**
 * Of ranks that lie evenly around their mean, as far as the nearer end, the share below `depth`.
 * @param {number} mean
 * @param {number} depth
 * @param {number} total
 */
function shareBelow(mean, depth, total) {
  const reach = Math.min(mean, total - mean);
  if (reach <= 0) return Number(mean < depth);
  return Math.min(1, Math.max(0, (depth - (mean - reach)) / (2 * reach)));
}
