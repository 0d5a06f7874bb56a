// Own images as one file in the format of safetensors, which the core reads (src/data/own.rs).

/** The size that own images are scaled to. */
export const SIDE = 32;
const CHANNELS = 3;

/**
 * @param {readonly Uint8Array<ArrayBuffer>[]} images Each of 3 planes of 32x32.
 * @param {readonly number[]} labels
 * @param {readonly string[]} classes
 * @returns {BlobPart[]}
 */
export function packImages(images, labels, classes) {
  const n = images.length;
  const bytes = n * CHANNELS * SIDE * SIDE;
  const header = JSON.stringify({
    __metadata__: { classes: JSON.stringify(classes) },
    images: { dtype: 'U8', shape: [n, CHANNELS, SIDE, SIDE], data_offsets: [0, bytes] },
    labels: { dtype: 'U8', shape: [n], data_offsets: [bytes, bytes + n] },
  });
  const text = new TextEncoder().encode(header);
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(text.length), true);
  return [length.buffer, text, ...images, Uint8Array.from(labels)];
}
