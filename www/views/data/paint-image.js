// An image of the data set on a canvas.

/** @import {DatasetInfo} from '../../generated/protocol.d.ts' */
/** @import {Examples} from '../../state/types.d.ts' */

/**
 * Paints an image of the set, pixel for pixel; the stylesheet enlarges it.
 * @param {HTMLCanvasElement} canvas
 * @param {Pick<Examples, 'images'>} examples Bytes, image after image.
 * @param {DatasetInfo} dataset
 * @param {number} index
 */
export function paintImage(canvas, { images }, { channels, height, width }, index) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(width, height);
  const plane = width * height;
  const start = index * channels * plane;
  for (let i = 0; i < plane; i += 1) {
    for (let c = 0; c < 3; c += 1) image.data[i * 4 + c] = images[start + Math.min(c, channels - 1) * plane + i];
    image.data[i * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
