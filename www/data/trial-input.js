// A person's picture as the images of the data set are: drawn digits are centred and scaled, photographs are cropped.

import { brightness, colourPlanes, coverSquare } from './own-pixels.js';
import { dotsOf, drawnPixels } from './pad-pixels.js';

/** @import {DatasetInfo} from '../generated/protocol.d.ts' */

/** Edge at which a picture is looked at for its ink. */
const INK_SIDE = 32;

/** @param {DatasetInfo} dataset */
export function isDrawn({ id }) {
  return id === 'digits' || id === 'mnist' || id === 'fashion-mnist';
}

/**
 * @param {Blob} picture
 * @param {DatasetInfo} dataset
 * @returns {Promise<Uint8Array>} Rejects where the browser can't read it.
 */
export async function inputOf(picture, dataset) {
  if (!isDrawn(dataset)) return colourPlanes(await coverSquare(picture, dataset.width));
  return drawnPixels(dotsOf(brightness(await coverSquare(picture, INK_SIDE)), INK_SIDE), dataset.width);
}
