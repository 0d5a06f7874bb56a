// From strokes to the pixels of a drawn data set, centred and scaled as its makers did. Pure.

/** @typedef {readonly [number, number, number, number]} Segment From (x, y) to (x, y), in any unit. */

/**
 * The embedded digits (assets/digits/README.md): a bitmap of 32x32 that the writing fills from top to bottom, with about
 * as much ink whatever the digit, counted in blocks of 4x4.
 */
const BITMAP = Object.freeze({ side: 32, block: 4, ink: 312, width: 28 });
/** MNIST: the writing in a box of 20x20, smoothed, its centre of mass in the middle of 28x28. */
const MNIST = Object.freeze({ side: 28, box: 20, stroke: 2.6 });

/**
 * @param {readonly Segment[]} segments
 * @param {number} side Of the data set's images: 8 or 28.
 * @returns {Uint8Array} Ink as 255.
 */
export function drawnPixels(segments, side) {
  return side === MNIST.side ? mnistPixels(segments) : digitPixels(segments);
}

/** @param {readonly Segment[]} segments */
function digitPixels(segments) {
  const { side, ink, width } = BITMAP;
  // The pen is as wide as that much ink takes, and the box of its path is smaller by that.
  let far = new Float32Array();
  let pen = 0;
  for (let i = 0; i < 3; i += 1) {
    const box = { width: Math.max(1, width - pen), height: Math.max(1, side - pen), middle: side / 2, fill: true };
    far = distances(fitted(segments, box), side);
    pen = 2 * far.toSorted()[ink - 1];
  }
  return countBlocks(Uint8Array.from(far, (value) => Number(value <= pen / 2)));
}

/** @param {readonly Segment[]} segments */
function mnistPixels(segments) {
  const { side, box, stroke } = MNIST;
  const room = box - stroke;
  const first = fitted(segments, { width: room, height: room, middle: side / 2, fill: false });
  const [x, y] = centreOfMass(shaded(distances(first, side), stroke), side);
  const [dx, dy] = [Math.round(side / 2 - x), Math.round(side / 2 - y)];
  const moved = first.map(([a, b, c, d]) => /** @type {Segment} */ ([a + dx, b + dy, c + dx, d + dy]));
  return shaded(distances(moved, side), stroke);
}

/**
 * Scales and moves segments into a box around the middle.
 * @param {readonly Segment[]} segments
 * @param {{width: number, height: number, middle: number, fill: boolean}} box `fill`: the height is filled, and what is
 *   then too wide is squeezed, at most to half; otherwise the larger side fills the box.
 * @returns {Segment[]}
 */
function fitted(segments, { width, height, middle, fill }) {
  const xs = segments.flatMap(([a, , b]) => [a, b]);
  const ys = segments.flatMap(([, a, , b]) => [a, b]);
  const [left, right, top, bottom] = [least(xs), most(xs), least(ys), most(ys)];
  const [wide, tall] = [right - left, bottom - top];
  const whole = Math.min(height / tall, (fill ? 2 : 1) * width / wide);
  // A dot has no size to scale.
  const down = Number.isFinite(whole) ? whole : 1;
  const across = Math.min(down, width / wide);
  const x = (/** @type {number} */ value) => middle + (value - (left + right) / 2) * across;
  const y = (/** @type {number} */ value) => middle + (value - (top + bottom) / 2) * down;
  return segments.map(([a, b, c, d]) => [x(a), y(b), x(c), y(d)]);
}

/** @param {readonly number[]} values */
function least(values) {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

/** @param {readonly number[]} values */
function most(values) {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

/**
 * How far the middle of each pixel is from the strokes. Plain loops: this runs with each movement of the pen.
 * @param {readonly Segment[]} segments
 * @param {number} side
 */
function distances(segments, side) {
  const far = new Float32Array(side * side).fill(Infinity);
  for (const [a, b, c, d] of segments) {
    const [dx, dy] = [c - a, d - b];
    const length = dx * dx + dy * dy || 1;
    for (let i = 0; i < far.length; i += 1) {
      const x = (i % side) + 0.5 - a;
      const y = Math.floor(i / side) + 0.5 - b;
      const t = Math.min(1, Math.max(0, (x * dx + y * dy) / length));
      const square = (x - t * dx) ** 2 + (y - t * dy) ** 2;
      if (square < far[i]) far[i] = square;
    }
  }
  return far.map(Math.sqrt);
}

/**
 * A bitmap of 32x32 as 8x8 counts of ink, 0 to 16 as 0 to 255, halves up, as src/data/digits.rs has them.
 * @param {Uint8Array} bitmap
 */
export function countBlocks(bitmap) {
  const { side, block } = BITMAP;
  const blocks = side / block;
  const counts = new Uint8Array(blocks * blocks);
  bitmap.forEach((ink, i) => { counts[Math.floor(i / side / block) * blocks + Math.floor((i % side) / block)] += ink; });
  return counts.map((count) => Math.floor((count * 255 + 8) / 16));
}

/**
 * @param {Float32Array} far
 * @param {number} stroke
 */
function shaded(far, stroke) {
  return Uint8Array.from(far, (value) => Math.round(255 * Math.min(1, Math.max(0, 0.5 + stroke / 2 - value))));
}

/**
 * @param {Uint8Array} pixels
 * @param {number} side
 * @returns {[number, number]}
 */
function centreOfMass(pixels, side) {
  let [mass, x, y] = [0, 0, 0];
  pixels.forEach((value, i) => {
    mass += value;
    x += value * ((i % side) + 0.5);
    y += value * (Math.floor(i / side) + 0.5);
  });
  return mass > 0 ? [x / mass, y / mass] : [side / 2, side / 2];
}

/**
 * The ink of a picture as dots: what is other than its border.
 * @param {Float32Array} bright 0 to 255.
 * @param {number} side
 * @returns {Segment[]}
 */
export function dotsOf(bright, side) {
  const border = bright.filter((_, i) => i < side || i >= side * (side - 1) || i % side === 0 || i % side === side - 1).sort();
  const paper = border[border.length >> 1];
  const farthest = bright.reduce((far, value) => Math.max(far, Math.abs(value - paper)), 0);
  /** @type {Segment[]} */
  const dots = [];
  bright.forEach((value, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    if (Math.abs(value - paper) > farthest / 2) dots.push([x, y, x, y]);
  });
  return dots.length > 0 ? dots : [[side / 2, side / 2, side / 2, side / 2]];
}
