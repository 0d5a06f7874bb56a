// Which test images pruning forgets: the wall, the figures by class, and how they follow the slider.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SWIFTSHADER, launch, open } from './browser.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launch({ args: SWIFTSHADER }); });
after(() => browser.close());

/** @param {import('./browser.mjs').Widget} widget */
async function seen(widget) {
  const wall = await widget.part('wall').locator('li').evaluateAll((items) => items.map((item) => ({
    lost: item.dataset.lost === 'true', crossed: item.querySelector('small').textContent.startsWith('✗'), from: item.querySelector('small').textContent.replace('✗', ''), words: item.getAttribute('aria-label'),
  })));
  const classes = await widget.part('forgotten-classes').locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.dataset.value))));
  return { wall, classes, lost: Number(await widget.part('forgotten-lost').getAttribute('data-value')) };
}

for (const path of ['?backend=cpu#autoplay=off', '?backend=cpu#autoplay=off&lang=zh-CN&dataset=shapes']) {
  test(`the most fragile come first, are crossed out as the slider passes them, and classes add up: ${path}`, async () => {
    const { page, widget, faults } = await open(browser, { path });
    await widget.part('run').click();
    await widget.untilAtLeast('step-count', 100);
    await widget.part('run').click();
    await widget.untilMeasured();
    await widget.part('forgotten').click();
    // Until the curve of the network at rest is whole, it is an earlier one's.
    await widget.until((root) => /(33|33 )/u.test(root.querySelector('[data-testid="forgotten-note"]')?.textContent ?? ''));
    await widget.slideTo(0);
    const dense = await seen(widget);
    assert.ok(dense.wall.every(({ lost, crossed }) => !lost && !crossed));
    await widget.slideTo(95);
    const cut = await seen(widget);
    const from = cut.wall.map((each) => Number.parseFloat(each.from)).filter(Number.isFinite);
    assert.deepEqual(from, [...from].sort((a, b) => a - b));
    assert.ok(cut.wall.every(({ lost, crossed, words }) => lost === crossed && words.length > 0));
    assert.ok(cut.wall[0].lost && cut.lost > 0, JSON.stringify(cut.wall[0]));
    const totals = cut.classes.pop();
    totals.forEach((total, i) => assert.equal(cut.classes.reduce((sum, row) => sum + row[i], 0), total));
    assert.ok(totals[1] > totals[2]);
    const cells = await widget.part('confusion').last().locator('td').evaluateAll((all) => all.reduce((sum, cell) => sum + Number(cell.dataset.value), 0));
    assert.equal(cells, totals[0]);
    assert.deepEqual(faults, []);
    await page.close();
  });
}
