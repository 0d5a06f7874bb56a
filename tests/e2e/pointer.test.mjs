// What the mouse does on the charts, and which of its buttons.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test('the primary button moves the threshold, the others leave it', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  const { x, y, width, height } = await widget.part('histogram').boundingBox();
  const drag = async (button) => {
    await page.mouse.move(x + width * 0.3, y + height / 2);
    await page.mouse.down({ button });
    await page.mouse.move(x + width * 0.6, y + height / 2, { steps: 5 });
    await page.mouse.up({ button });
    await widget.drawn();
    return widget.value('sparsity');
  };
  assert.equal(await drag('right'), 0);
  assert.equal(await drag('middle'), 0);
  assert.ok(await drag('left') > 0);
  assert.deepEqual(faults, []);
  await page.close();
});
