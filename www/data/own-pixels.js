// Pictures as the planes of bytes that a network sees, in the page and in workers.

/**
 * The middle square of a picture in another size, on white where it is transparent.
 * @param {Blob} blob
 * @param {number} side
 * @returns {Promise<ImageData>} Rejects where the browser can't read the picture.
 */
export async function coverSquare(blob, side) {
  const whole = await createImageBitmap(blob);
  const { width, height } = whole;
  const edge = Math.min(width, height);
  const [x, y] = [(width - edge) >> 1, (height - edge) >> 1];
  const small = await createImageBitmap(whole, x, y, edge, edge, { resizeWidth: side, resizeHeight: side, resizeQuality: 'high' })
    .finally(() => whole.close());
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, side, side);
  context.drawImage(small, 0, 0);
  small.close();
  return context.getImageData(0, 0, side, side);
}

/**
 * Red, green and blue, one plane after the other.
 * @param {ImageData} image
 */
export function colourPlanes({ data, width, height }) {
  const plane = width * height;
  const planes = new Uint8Array(3 * plane);
  for (let i = 0; i < plane; i += 1) {
    for (let c = 0; c < 3; c += 1) planes[c * plane + i] = data[4 * i + c];
  }
  return planes;
}

/**
 * How bright each pixel is, 0 to 255 (Rec. 601, as MNIST's kind of data is usually made).
 * @param {ImageData} image
 */
export function brightness({ data }) {
  return Float32Array.from({ length: data.length / 4 }, (_, i) => 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]);
}
