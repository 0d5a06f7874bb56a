import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange, gridOf, weightAt } from './kernels.js';

const conv = (outputs, inputs) => ({ shape: [outputs, inputs, 3, 3] });
const linear = (outputs, inputs) => ({ shape: [outputs, inputs] });

/** Every weight that some pixel of the picture stands for. */
function seen(layout, width, height) {
  const indices = new Set();
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const hit = weightAt(layout, x, y);
      if (hit) indices.add(hit.index);
    }
  }
  return indices;
}

test('every weight of a small layer has its square inside the box', () => {
  for (const layer of [conv(8, 1), conv(8, 3), conv(16, 8), linear(10, 64)]) {
    const layout = arrange(gridOf(layer), 240, 260);
    const total = layer.shape.reduce((a, b) => a * b);
    const indices = seen(layout, 240, 260);
    assert.equal(indices.size, total);
    assert.equal(Math.max(...indices), total - 1);
  }
});

test('a layer too large for its box shows its first filters, and no square is under two pixels', () => {
  for (const layer of [conv(128, 64), linear(10, 8192)]) {
    const layout = arrange(gridOf(layer), 240, 260);
    assert.ok(layout.cell >= 2);
    assert.ok(layout.shownGroups < layout.groups);
    const indices = seen(layout, 240, 260);
    assert.equal(indices.size, layout.shownGroups * layout.shownTiles * layout.side ** 2);
  }
});

test('the square of a kernel is read by filter, input, row and column', () => {
  const layout = arrange(gridOf(conv(4, 2)), 200, 200);
  for (let y = 0; y < 200; y += 1) {
    for (let x = 0; x < 200; x += 1) {
      const hit = weightAt(layout, x, y);
      if (hit) assert.equal(hit.index, ((hit.group * 2 + hit.tile) * 3 + hit.row) * 3 + hit.column);
    }
  }
});

test('the linear layer is stored by class and shown by input', () => {
  const layout = arrange(gridOf(linear(10, 64)), 80, 280);
  for (let y = 0; y < 280; y += 1) {
    const hit = weightAt(layout, 0, y);
    if (hit) assert.equal(hit.index, hit.tile * 64 + hit.group);
  }
});
