// How it feels: pausing acts at once, memory stays, everything fits one screen.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test('Pause acts within 150 ms', async () => {
  const { page, widget } = await open(browser, { path: '?backend=cpu' });
  const times = [];
  for (let i = 0; i < 5; i += 1) {
    await widget.run();
    await widget.untilAtLeast('step-count', await widget.value('step-count') + 20);
    times.push(await page.evaluate(() => new Promise((resolve) => {
      const run = document.querySelector('pruning-playground').shadowRoot.querySelector('[data-testid="run"]');
      const from = performance.now();
      new MutationObserver(() => {
        if (run.getAttribute('aria-label') === 'Run') resolve(performance.now() - from);
      }).observe(run, { attributes: true });
      run.click();
    })));
  }
  times.sort((a, b) => a - b);
  assert.ok(times[2] < 150, `median of ${times.map(Math.round).join(', ')} ms`);
  await page.close();
});

test('the memory of the worker after 5,000 steps more is within 5% of that after 500 and a few looks at the network', async () => {
  const { page, widget } = await open(browser, { path: '?backend=cpu' });
  await widget.run();
  await widget.untilAtLeast('step-count', 500, 60_000);
  // Looks are a matter of time, not of steps.
  await page.waitForTimeout(2000);
  const [early, from] = [await widget.value('memory'), await widget.value('step-count')];
  await widget.untilAtLeast('step-count', from + 5000, 300_000);
  const late = await widget.value('memory');
  assert.ok(early > 0 && late <= early * 1.05, `${early} bytes, then ${late}`);
  await page.close();
});

for (const colorScheme of ['light', 'dark']) {
  test(`everything is on one screen of 1280x720, ${colorScheme}`, async () => {
    const { page, widget } = await open(browser, { path: '?backend=cpu' });
    await page.emulateMedia({ colorScheme });
    for (const name of ['run', 'slider', 'prune', 'fine-tune', 'curve', 'histogram', 'examples', 'picture-conv2', 'layers']) {
      const { x, y, width, height } = await widget.part(name).boundingBox();
      assert.ok(width > 0 && height > 0 && x >= 0 && y >= 0 && x + width <= 1280 && y + height <= 720, name);
    }
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 1280);
    const { y, height } = await widget.root.boundingBox();
    assert.ok(y === 0 && height <= 720, `${y}, ${height}`);
    await page.close();
  });
}

test('360 px wide it is one column with the slider always at hand and targets of 44 px', async () => {
  const { page, widget } = await open(browser, { path: '?backend=cpu', viewport: { width: 360, height: 740 } });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  for (const share of [0, 0.3, 0.6]) {
    await page.evaluate((y) => window.scrollTo(0, y * document.querySelector('pruning-playground').offsetHeight), share);
    const { y, height } = await widget.part('slider').boundingBox();
    assert.ok(y >= 0 && y + height <= 740, `slider at ${y}`);
  }
  for (const name of ['run', 'step', 'reset', 'slider', 'prune', 'fine-tune', 'settings', 'setting-dataset']) {
    const { height, width } = await widget.part(name).boundingBox();
    assert.ok(height >= 44 && width >= 44, `${name}: ${width}x${height}`);
  }
  await page.close();
});

test('the page is there in Chinese, by choice and after a reload', async () => {
  const { page, widget } = await open(browser, { path: '?backend=cpu' });
  await widget.part('language').click();
  await widget.until((root) => root.querySelector('h1')?.textContent === '剪枝游乐场');
  await page.reload();
  await widget.until((root) => root.querySelector('h1')?.textContent === '剪枝游乐场');
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
  await page.close();
});
