import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { countBlocks, dotsOf, drawnPixels } from './pad-pixels.js';

/** The embedded digits as they are stored: label, and 64 values of 0 to 16 (assets/digits/README.md). */
async function digits() {
  const bytes = await readFile(new URL('../../assets/digits/digits.bin', import.meta.url));
  const images = 1797;
  return Array.from({ length: images }, (_, i) => ({
    label: bytes[i], values: Array.from({ length: 64 }, (__, pixel) => bytes[images * (1 + pixel) + i]),
  }));
}

const scaled = (value) => Math.round(value * 255 / 16);

/** A bitmap of 32x32 with as many ink pixels in each block as the value says, row by row. */
function bitmapOf(values) {
  const bitmap = new Uint8Array(1024);
  values.forEach((count, block) => {
    for (let k = 0; k < count; k += 1) bitmap[((block >> 3) * 4 + (k >> 2)) * 32 + (block & 7) * 4 + (k & 3)] = 1;
  });
  return bitmap;
}

const rows = (pixels, side) => Array.from({ length: side }, (_, r) => [...pixels.slice(r * side, (r + 1) * side)]);
const sum = (values) => values.reduce((a, b) => a + b, 0);

/** Strokes as a person draws them on the pad. */
const ONE = [[128, 40, 128, 220]];
const SEVEN = [[70, 50, 190, 50], [190, 50, 120, 215]];

test('every digit of the data set comes back from its bitmap as it is', async () => {
  for (const { values } of await digits()) assert.deepEqual([...countBlocks(bitmapOf(values))], values.map(scaled));
});

test('digits of the data set, drawn dot by dot, come back much as they are', async () => {
  const off = (await digits()).slice(0, 200).map(({ values }) => {
    const dots = [...bitmapOf(values).entries()].filter(([, ink]) => ink).map(([i]) => [i % 32, i >> 5, i % 32, i >> 5]);
    const back = drawnPixels(dots, 8);
    return sum(values.map((value, i) => Math.abs(scaled(value) - back[i]))) / 64;
  });
  assert.ok(sum(off) / off.length < 20, `${sum(off) / off.length} of 255 off on average`);
});

test('a drawn digit fills the height with as much ink as those of the data set have, wherever and however large it is drawn', () => {
  for (const strokes of [ONE, SEVEN]) {
    const pixels = drawnPixels(strokes, 8);
    const image = rows(pixels, 8);
    assert.ok(sum(image[0]) > 0 && sum(image[7]) > 0, 'top and bottom');
    const ink = sum([...pixels]) * 16 / 255;
    assert.ok(ink > 250 && ink < 370, `${ink} dots of ink`);
    const moved = strokes.map((segment) => segment.map((value, i) => value * 0.5 + (i % 2 ? 100 : 7)));
    assert.deepEqual(drawnPixels(moved, 8), pixels);
  }
});

test('a one is in the middle, and a seven has its bar above', () => {
  const one = rows(drawnPixels(ONE, 8), 8);
  for (const row of one) assert.ok(sum(row.slice(3, 5)) >= sum(row) * 0.6);
  const seven = rows(drawnPixels(SEVEN, 8), 8);
  assert.ok(seven[0].filter((value) => value > 128).length >= 4);
  assert.ok(sum(seven[7].slice(0, 4)) > sum(seven[7].slice(4)));
});

test('MNIST: the writing is 20 high with its centre of mass in the middle of 28', () => {
  for (const strokes of [ONE, SEVEN]) {
    const image = rows(drawnPixels(strokes, 28), 28);
    const inked = image.map((row) => sum(row) > 0);
    assert.ok(Math.abs(inked.filter(Boolean).length - 20) <= 2);
    const mass = sum(image.flat());
    const [x, y] = [(_, i) => i % 28, (_, i) => Math.floor(i / 28)].map((at) => sum(image.flat().map((value, i) => value * (at(value, i) + 0.5))) / mass);
    assert.ok(Math.abs(x - 14) <= 0.6 && Math.abs(y - 14) <= 0.6, `${x}, ${y}`);
  }
});

test('a dash, a dot and a point on the edge give finite pixels', () => {
  for (const side of [8, 28]) {
    for (const strokes of [[[10, 50, 200, 50]], [[10, 50, 200, 52]], [[9, 9, 9, 9]], [[0, 0, 0, 0], [255, 255, 255, 255]]]) {
      const pixels = drawnPixels(strokes, side);
      assert.equal(pixels.length, side * side);
      assert.ok(sum([...pixels]) > 0);
    }
  }
});

test('the ink of a picture is what differs from its border, dark on light or light on dark', () => {
  const side = 20;
  const stroke = (i) => i % side === 10 && i > 3 * side && i < 17 * side;
  const light = Float32Array.from({ length: side * side }, (_, i) => (stroke(i) ? 20 : 240));
  const dark = light.map((value) => 255 - value);
  assert.deepEqual(dotsOf(light, side), dotsOf(dark, side));
  assert.ok(dotsOf(light, side).every(([x]) => x === 10));
  assert.equal(dotsOf(new Float32Array(side * side).fill(7), side).length, 1);
});
