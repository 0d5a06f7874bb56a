import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrangeMatrix, blockAt, blockMeans, isHatched, readBlock } from './matrix.js';

test('every layer fits its box whole, with squares of two pixels at least', () => {
  for (const [shape, block] of [[[300, 784], [1, 7]], [[256, 16384], [2, 45]], [[100, 300], [1, 1]], [[128, 128, 3, 3], [1, 1]], [[10, 64], [1, 1]]]) {
    const matrix = arrangeMatrix(shape, 740, 260);
    assert.ok(matrix.columns * matrix.cell <= 740 && matrix.rows * matrix.cell <= 260, String(shape));
    assert.ok(matrix.cell >= 2, String(shape));
    assert.deepEqual(matrix.block, block, String(shape));
  }
});

test('a square is the mean of the kept weights of its block, and every weight is in one', () => {
  const matrix = { outputs: 3, inputs: 5, depth: 2, turned: false, block: [2, 2], cell: 2, columns: 3, rows: 2 };
  const weights = Float32Array.from({ length: 30 }, (_, i) => i);
  const gone = new Uint8Array(30);
  gone[0] = gone[20] = 1;
  const { means, kept, all } = blockMeans(matrix, weights, gone);
  assert.deepEqual([...all], [8, 8, 4, 4, 4, 2]);
  assert.deepEqual([...kept], [7, 8, 4, 3, 4, 2]);
  assert.equal(means[0], (1 + 2 + 3 + 10 + 11 + 12 + 13) / 7);
  for (let row = 0; row < 2; row += 1) {
    for (let column = 0; column < 3; column += 1) {
      const place = blockAt(matrix, column * 2 + 1, row * 2 + 1);
      const read = readBlock(matrix, place, weights, gone);
      const at = row * 3 + column;
      assert.deepEqual([read.kept, read.total, read.mean], [kept[at], all[at], means[at]]);
    }
  }
  assert.equal(blockAt(matrix, 6, 0), null);
  const turned = { ...matrix, turned: true, columns: 2, rows: 3 };
  assert.deepEqual([...blockMeans(turned, weights, gone).all], [8, 4, 8, 4, 4, 2]);
  assert.deepEqual(blockAt(turned, 3, 5), { outputs: [2, 3], inputs: [4, 5] });
});

test('the largest weight of a block is found with its output and input, pruned or not', () => {
  const matrix = arrangeMatrix([4, 4], 4, 4);
  assert.deepEqual(matrix.block, [2, 2]);
  const weights = new Float32Array(16);
  weights[7] = -3;
  const read = readBlock(matrix, blockAt(matrix, 3, 1), weights, Uint8Array.from({ length: 16 }, (_, i) => (i === 7 ? 1 : 0)));
  assert.deepEqual(read, { kept: 3, total: 4, mean: 0, largest: 7, output: 1, input: 3 });
});

test('of an area as many squares are hatched as weights are gone, and what is gone wholly always', () => {
  for (const [kept, all] of [[4, 4], [3, 4], [1, 2], [1, 8], [0, 4]]) {
    let hatched = 0;
    for (let i = 0; i < 16; i += 1) if (isHatched(kept, all, i % 4, Math.floor(i / 4))) hatched += 1;
    assert.equal(hatched, 16 * (1 - kept / all));
  }
});
