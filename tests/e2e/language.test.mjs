// Another language: the same page, with the hands of a person where they were.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Changes the language as the page around an element may, which closes no panel. */
async function speak(widget, lang) {
  await widget.root.evaluate((element, language) => element.configure({ lang: language }), lang);
  await widget.until((root, wanted) => root.querySelector('.app:not([hidden])')?.getAttribute('lang') === wanted, lang);
  await widget.drawn();
}

/** The name of the control that has the focus. */
function focused(widget) {
  return widget.root.evaluate(({ shadowRoot }) => shadowRoot.activeElement?.dataset.testid ?? shadowRoot.activeElement?.className ?? null);
}

test('the focus stays where it is', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.part('language').focus();
  await page.keyboard.press('Enter');
  await widget.until((root) => root.querySelector('.app:not([hidden])')?.getAttribute('lang') === 'zh-CN');
  await widget.drawn();
  assert.equal(await focused(widget), 'language');
  await widget.part('slider').focus();
  await speak(widget, 'en');
  assert.equal(await focused(widget), 'slider');
  assert.deepEqual(faults, []);
  await page.close();
});

test('open panels stay open, and what is drawn stays drawn', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.part('settings').click();
  await speak(widget, 'zh-CN');
  assert.ok(await widget.part('setting-seed').isVisible());
  await page.keyboard.press('Escape');
  await widget.part('pad-open').click();
  const box = await widget.part('pad').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height - 40, { steps: 12 });
  await page.mouse.up();
  const inked = () => widget.part('pad').evaluate((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.filter((_, i) => i % 4 === 3).reduce((sum, alpha) => sum + (alpha > 0), 0));
  const before = await inked();
  assert.ok(before > 0);
  await speak(widget, 'en');
  assert.ok(await widget.part('pad').isVisible());
  assert.equal(await inked(), before);
  assert.deepEqual(faults, []);
  await page.close();
});

test('in Chinese the title, the classes and what went wrong are Chinese', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#lang=zh-CN&dataset=shapes' });
  assert.equal(await page.title(), '剪枝游乐场：在浏览器中训练一个网络，再给它剪枝');
  assert.match(await widget.part('examples').textContent(), /圆形|正方形|三角形|十字|圆环|星形|菱形|条纹|棋盘格/u);
  assert.doesNotMatch(await widget.part('examples').textContent(), /circle|square|triangle|stripes/u);
  const files = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['not an image set'], 'data_batch_1.bin'));
    return transfer;
  });
  await page.dispatchEvent('pruning-playground', 'drop', { dataTransfer: files });
  await widget.until((root) => /无法使用 data_batch_1\.bin：.*。（详情：/u.test(root.querySelector('[data-testid="notices"]')?.textContent ?? ''));
  await speak(widget, 'en');
  assert.match(await page.title(), /^Pruning Playground: train/u);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a browser that names a language which does not exist gets the page in English', async () => {
  const { page, widget, faults } = await open(browser, { ready: false });
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'language', { get: () => 'C' });
    Object.defineProperty(Navigator.prototype, 'languages', { get: () => ['C'] });
  });
  await page.reload();
  await widget.untilReady();
  assert.equal(await page.evaluate(() => navigator.language), 'C');
  assert.deepEqual(faults, []);
  await page.close();
});
