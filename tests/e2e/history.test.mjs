// Measured states side by side, and when each weight was cut.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test('two states compare in figures that add up, and cut weights show when they went', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  const shows = widget.part('picture-shows');
  assert.ok(await shows.isDisabled(), 'nothing is cut yet');
  await widget.run();
  await widget.untilAtLeast('accuracy', 0.9, 20_000);
  await widget.pause();
  const step = await widget.value('step-count');
  await widget.slideTo(50);
  await widget.part('prune').click();
  await widget.until((root) => root.querySelectorAll('[data-testid="states"] button').length === 3);

  const ticks = widget.part('states').locator('input[type=checkbox]');
  await ticks.nth(0).check();
  assert.ok(await widget.part('compare-states').isDisabled(), 'one is no pair');
  await ticks.nth(1).check();
  await widget.part('compare-states').click();
  const row = async (name) => {
    const cells = widget.part('pair-table').locator(`tr[data-row="${name}"] td`);
    return Promise.all([0, 1, 2].map(async (i) => Number(await cells.nth(i).getAttribute('data-value'))));
  };
  for (const name of ['sparsity', 'accuracy', 'conv1', 'conv2', 'fc']) {
    const [first, second, difference] = await row(name);
    assert.ok(Math.abs(second - first - difference) < 1e-9, name);
  }
  const kept = await Promise.all(['conv1', 'conv2', 'fc'].map(row));
  assert.deepEqual([0, 1].map((i) => kept.reduce((sum, layer) => sum + layer[i], 0)).toSorted(), [1864, 932]);
  await page.keyboard.press('Escape');

  await shows.selectOption('cuts');
  await widget.drawn();
  const picture = widget.part('picture-conv2');
  const box = await picture.boundingBox();
  let said = '';
  for (let i = 0; i < 40 && !said.includes(`at step ${step.toLocaleString('en')}`); i++) {
    await page.mouse.move(box.x + 3 + (i * 7) % (box.width - 6), box.y + 3 + i * 5);
    await widget.drawn();
    said = await widget.part('weight-readout').textContent();
  }
  assert.match(said, new RegExp(`at step ${step.toLocaleString('en')}`, 'u'));
  assert.deepEqual(faults, []);
  await page.close();
});
