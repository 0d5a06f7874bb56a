// What assistive technology finds: axe looks at every state of the page that has parts of its own.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let browser;
let axe;
before(async () => {
  browser = await launch();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
after(() => browser.close());

/** Everything that axe finds wrong, in a line each: in the panel that is open, else on the whole page. */
async function violations(page, state) {
  const found = await page.evaluate(async (rules) => {
    const panel = document.querySelector('pruning-playground').shadowRoot.querySelector(':popover-open, dialog[open]');
    // Preloading would write style elements, which the policy forbids.
    return (await window.axe.run(panel ?? document, { runOnly: rules, resultTypes: ['violations'], preload: false })).violations;
  }, RULES);
  return found.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${state}: ${id} ${target.flat().join(' ')} ${failureSummary.replaceAll('\n', ' ')}`));
}

const LOOKS = [
  { name: 'wide, light, English', viewport: { width: 1280, height: 720 }, scheme: 'light', lang: 'en' },
  // So tall that nothing lies under the slider that stays at hand: what does can be scrolled from there.
  { name: 'narrow, dark, Chinese', viewport: { width: 360, height: 3600 }, scheme: 'dark', lang: 'zh-CN' },
  { name: 'wide, dark, Chinese', viewport: { width: 1280, height: 720 }, scheme: 'dark', lang: 'zh-CN' },
];

for (const { name, viewport, scheme, lang } of LOOKS) {
  test(`axe finds nothing, whatever the page shows: ${name}`, async () => {
    const { page, widget, faults } = await open(browser, { path: `?backend=cpu#lang=${lang}&colour=red`, viewport });
    const found = [];
    const look = async (state) => {
      await widget.drawn();
      found.push(...await violations(page, state));
    };
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    // Evaluated from outside the page, where its content security policy does not reach.
    await page.evaluate(axe);
    await look('start, with a notice');
    await widget.part('notices').locator('button').click();
    await widget.part('run').focus();
    await page.keyboard.press('Enter');
    await widget.untilAtLeast('step-count', 20);
    await look('training');
    await widget.part('run').click();
    await widget.until((root) => root.querySelector('[data-testid="states"] [aria-current="true"]') !== null);
    await look('paused');
    await widget.slideTo(60);
    await widget.part('prune').click();
    await widget.until((root) => root.querySelector('[data-testid="states"] [aria-current="true"]')?.getAttribute('data-kind') === 'pruned');
    await look('pruned');
    for (const panel of ['settings', 'share', 'backend-chip', 'recipe', 'forgotten', 'criterion-more', 'sheet-curve', 'sheet-states', 'sheet-history', 'sheet-histogram', 'sheet-filters']) {
      await widget.part(panel).click();
      await look(panel);
      await page.keyboard.press('Escape');
    }
    await widget.part('setting-scope').selectOption('hand');
    await widget.untilRanked();
    await look('by hand');
    await widget.part('compare').click();
    await look('comparison');
    await widget.part('tab-scan').click();
    await widget.part('scan-start').click();
    await widget.until((root) => root.querySelector('[data-testid="scan-status"]')?.getAttribute('data-stage') === 'done', undefined, 60_000);
    await look('scan');
    await widget.part('tab-race').click();
    for (const [field, value] of [['race-seeds', 1], ['race-steps', 10], ['race-tune', 0]]) await widget.part(field).fill(String(value));
    await widget.part('race-start').click();
    await widget.until((root) => root.querySelector('[data-testid="race-status"]')?.getAttribute('data-stage') === 'done', undefined, 60_000);
    await look('race');
    await widget.part('compare-close').click();
    const across = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    assert.ok(across <= 0, `${across} pixels too wide`);
    assert.deepEqual(found, []);
    assert.deepEqual(faults, []);
    await page.close();
  });
}
