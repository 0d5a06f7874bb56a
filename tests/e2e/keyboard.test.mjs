// The page without a mouse: what Tab reaches, what Escape closes, what keys mean where, what is read out.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** What has the focus: its name in the tests, and whether that can be seen. */
function focused(page) {
  return page.evaluate(() => {
    const active = document.querySelector('pruning-playground').shadowRoot.activeElement;
    if (!active) return null;
    const { outlineStyle } = getComputedStyle(active);
    const ring = outlineStyle !== 'none' || active.matches('.track');
    return { name: active.dataset.testid ?? active.className, ring: active.matches(':focus-visible') && ring };
  });
}

for (const scheme of ['light', 'dark']) {
  test(`Tab reaches every control in the order of the page, and each shows that it has the focus: ${scheme}`, async () => {
    const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
    await page.emulateMedia({ colorScheme: scheme });
    await widget.slideTo(20);
    await page.evaluate(() => document.activeElement.blur());
    const order = [];
    await widget.part('run').focus();
    for (let at = await focused(page); at && order.length < 80; at = await focused(page)) {
      order.push(at);
      await page.keyboard.press('Tab');
    }
    assert.deepEqual(order.filter(({ ring }) => !ring), []);
    const names = order.map(({ name }) => name);
    const expected = ['run', 'step', 'reset', 'setting-dataset', 'settings', 'share', 'language', 'sheet-filters', 'sheet-curve', 'sheet-states', 'sheet-history', 'setting-criterion', 'recipe', 'log-counts', 'sheet-histogram', 'slider', 'prune', 'compare'];
    assert.deepEqual(names.filter((name) => expected.includes(name)), expected);
    assert.deepEqual(faults, []);
    await page.close();
  });
}

test('Escape closes a panel or the dialog and gives the focus back; a panel that Tab has left closes by itself', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  const isOpen = () => widget.root.evaluate(({ shadowRoot }) => shadowRoot.querySelector(':popover-open, dialog[open]') !== null);
  for (const name of ['settings', 'share', 'backend-chip', 'workers', 'recipe', 'criterion-more', 'sheet-curve', 'sheet-histogram', 'compare']) {
    await widget.part(name).focus();
    await page.keyboard.press('Enter');
    await widget.until((root) => root.querySelector(':popover-open, dialog[open]') !== null);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await widget.until((root) => root.querySelector(':popover-open, dialog[open]') === null);
    await widget.drawn();
    assert.equal((await focused(page))?.name, name, name);
  }
  await widget.part('share').focus();
  await page.keyboard.press('Enter');
  await widget.part('share-link').waitFor();
  const inThePanel = ['share-link', 'copy-link', 'share-code', 'copy-code', 'save-weights', 'save-onnx', 'save-test-images', 'save-script', 'save-torchrun', 'open-network'];
  for (const inside of inThePanel) {
    await page.keyboard.press('Tab');
    assert.equal((await focused(page)).name, inside);
  }
  await page.keyboard.press('Tab');
  assert.equal(await isOpen(), false);
  assert.equal((await focused(page)).name, 'language');
  assert.deepEqual(faults, []);
  await page.close();
});

test('keys keep their own meaning in fields, lists and tables', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.slideTo(20);
  const place = async () => [await widget.value('requested'), await widget.value('step-count'), await widget.busy()];
  const still = [0.2, 0, false];
  await widget.part('share').click();
  await widget.part('share-link').focus();
  for (const key of ['.', 'r', ' ', 'ArrowRight', 'Shift+ArrowLeft']) await page.keyboard.press(key);
  await page.keyboard.press('Escape');
  await widget.part('setting-criterion').focus();
  await page.keyboard.press('.');
  await widget.part('settings').click();
  await widget.part('setting-fine-tune-steps').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Escape');
  await widget.part('sheet-histogram').click();
  const rows = widget.part('table-histogram').locator('xpath=..');
  await rows.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('End');
  await page.keyboard.press('Escape');
  // A modified key is the browser's.
  await widget.part('slider').focus();
  await page.keyboard.press('Control+.');
  await widget.drawn();
  assert.deepEqual(await place(), still);
  for (const [key, requested] of [['End', 1], ['ArrowLeft', 0.99], ['Shift+ArrowDown', 0.94], ['Home', 0], ['ArrowUp', 0.01], ['Shift+ArrowRight', 0.06]]) {
    await page.keyboard.press(key);
    await widget.drawn();
    assert.equal(await widget.value('requested'), requested, key);
  }
  assert.deepEqual(faults, []);
  await page.close();
});

test('a control that is disabled under the keyboard leaves the keys with the widget, and Tab where it was', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.slideTo(40);
  await widget.part('prune').focus();
  await page.keyboard.press('Enter');
  await widget.until((root) => root.querySelector('[data-testid="prune"]').disabled);
  await page.keyboard.press('.');
  await widget.untilAtLeast('step-count', 1);
  await page.keyboard.press('Tab');
  assert.equal((await focused(page)).name, 'fine-tune');
  assert.deepEqual(faults, []);
  await page.close();
});

test('only one element speaks while figures change, once a second at most, and it says the last ones', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  const speaking = await widget.root.evaluate(({ shadowRoot }) => [...shadowRoot.querySelectorAll('output, [aria-live], [role="status"]')]
    .filter((element) => (element.getAttribute('aria-live') ?? 'polite') !== 'off' && element.checkVisibility()).map((element) => element.dataset.testid));
  assert.deepEqual(speaking.sort(), ['notices', 'spoken']);
  await widget.root.evaluate(({ shadowRoot }) => {
    window.spoken = [];
    new MutationObserver(() => window.spoken.push(performance.now())).observe(shadowRoot.querySelector('[data-testid="spoken"]'), { childList: true, characterData: true, subtree: true });
  });
  await widget.part('slider').focus();
  for (let i = 0; i < 30; i += 1) await page.keyboard.press('ArrowRight');
  await widget.untilMeasured();
  const last = `${(100 * await widget.value('sparsity')).toFixed(1)}%`;
  await widget.until((root, text) => root.querySelector('[data-testid="spoken"]').textContent.includes(text), last, 10_000);
  const times = await page.evaluate(() => window.spoken);
  assert.ok(times.every((time, i) => i === 0 || time - times[i - 1] >= 990), String(times));
  assert.deepEqual(faults, []);
  await page.close();
});

test('on a narrow page nothing that gets the focus lies under the slider that stays at hand', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu', viewport: { width: 360, height: 740 } });
  await widget.part('run').focus();
  const under = [];
  for (let i = 0; i < 45; i += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const root = document.querySelector('pruning-playground').shadowRoot;
      const active = root.activeElement;
      const slider = root.querySelector('.slider');
      if (!active || slider.contains(active)) return null;
      const [over, own] = [slider, active].map((element) => element.getBoundingClientRect());
      return own.top >= over.top && own.top < over.bottom ? active.dataset.testid ?? active.textContent : null;
    });
    if (name !== null) under.push(name);
  }
  assert.deepEqual(under, []);
  assert.deepEqual(faults, []);
  await page.close();
});
