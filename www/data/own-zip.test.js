import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unzip, UnzipInflate, zipSync } from 'fflate';
import { OwnProblem } from './own-paths.js';
import { MOST_BYTES, imagesInZip } from './own-zip.js';

const noise = (length, seed) => Uint8Array.from({ length }, (_, i) => (Math.imul(i + seed, 2654435761) >>> 13) & 255);

async function read(bytes) {
  const found = [];
  const progress = [];
  for await (const { path, parts } of imagesInZip(new Blob([bytes]), { Unzip, UnzipInflate }, (at) => progress.push(at))) {
    found.push([path, parts && Buffer.concat(parts)]);
  }
  return { found, progress };
}

const fails = (key) => (error) => error instanceof OwnProblem && error.key === key;

test('images come out as they went in, stored or deflated, and other files do not', async () => {
  const [a, b] = [noise(200_000, 1), noise(70_000, 2)];
  const zip = zipSync({ 'x/cats/a.png': [a, { level: 0 }], 'x/dogs/b.jpg': b, 'x/readme.txt': noise(9, 3), '__MACOSX/x/cats/._a.png': noise(9, 4) });
  const { found, progress } = await read(zip);
  assert.deepEqual(found, [['x/cats/a.png', Buffer.from(a)], ['x/dogs/b.jpg', Buffer.from(b)]]);
  assert.equal(progress.at(-1), zip.length);
});

test('what is no zip, or is cut short, is told', async () => {
  const zip = zipSync({ 'a/1.png': [noise(100_000, 1), { level: 0 }] });
  await assert.rejects(read(noise(100, 1)), fails('own-not-zip'));
  await assert.rejects(read(new Uint8Array()), fails('own-not-zip'));
  await assert.rejects(read(zip.subarray(0, 50_000)), fails('own-damaged-zip'));
});

test('an image that unpacks to too much is given up and not held', async () => {
  const bomb = zipSync({ 'a/bomb.png': new Uint8Array(MOST_BYTES.image + 1), 'a/fine.png': noise(50, 1) });
  const { found } = await read(bomb);
  assert.deepEqual(found.map(([path, bytes]) => [path, bytes?.length ?? null]), [['a/bomb.png', null], ['a/fine.png', 50]]);
});
