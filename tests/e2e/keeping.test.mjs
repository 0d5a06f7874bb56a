// What must not be lost: settings, the session when a file is bad, the weights when the worker dies.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test('settings live in the address and survive a reload', async () => {
  const { page, widget, faults } = await open(browser, { path: '#widths=12,20&seed=7' });
  await widget.part('setting-dataset').selectOption('shapes');
  await widget.until((root) => root.querySelector('[data-testid="kept"]')?.getAttribute('data-total') === String(12 * 27 + 20 * 12 * 9 + 10 * 20 * 64));
  const hash = new URL(page.url()).hash;
  for (const part of ['dataset=shapes', 'widths=12,20', 'seed=7', 'learning-rate=0.001']) assert.ok(hash.includes(part), hash);
  await page.reload();
  await widget.untilReady();
  assert.equal(await widget.part('setting-dataset').inputValue(), 'shapes');
  await widget.part('settings').click();
  assert.equal(await widget.part('setting-seed').inputValue(), '7');
  assert.equal(Number(await widget.part('kept').getAttribute('data-total')), 12 * 27 + 20 * 12 * 9 + 10 * 20 * 64);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a setting that can not be falls back to its default, with a notice that names it', async () => {
  const { page, widget } = await open(browser, { path: '#batch=1000&widths=16,32' });
  assert.match(await widget.part('notices').textContent(), /batch=1000/u);
  await widget.part('settings').click();
  assert.equal(await widget.part('setting-batch').inputValue(), '32');
  assert.equal(await widget.part('network').textContent(), '16 + 32 filters');
  await page.close();
});

test('a bad file is named, and the training goes on', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.run();
  const files = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['not an image set'], 'holiday.jpg'));
    return transfer;
  });
  await page.dispatchEvent('pruning-playground', 'drop', { dataTransfer: files });
  await widget.until((root) => root.querySelector('[data-testid="notices"]')?.textContent?.includes('holiday.jpg') === true);
  const step = await widget.value('step-count');
  await widget.untilAtLeast('step-count', step + 20);
  assert.equal(await widget.part('setting-dataset').inputValue(), 'digits');
  assert.deepEqual(faults, []);
  await page.close();
});

test('when the worker ends, the page says so and restores the last checkpoint', async () => {
  const { page, widget } = await open(browser, { path: '?backend=cpu' });
  await widget.run();
  await widget.untilAtLeast('accuracy', 0.8, 20_000);
  await widget.pause();
  const [accuracy, step] = [await widget.value('accuracy'), await widget.value('step-count')];
  await page.workers()[0].evaluate(() => self.close());
  await widget.until((root) => root.querySelector('[data-key="worker-restored"]') !== null);
  assert.match(await widget.part('notices').textContent(), /stopped unexpectedly/u);
  assert.equal(await widget.value('step-count'), step);
  assert.equal(await widget.value('accuracy'), accuracy);
  await widget.run();
  await widget.untilAtLeast('step-count', step + 5);
  await page.close();
});

test('two widgets on a page do not disturb each other, and removing one ends its worker', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await page.evaluate(() => {
    const second = document.createElement('pruning-playground');
    second.setAttribute('widths', '4,8');
    second.setAttribute('backend', 'cpu');
    second.setAttribute('autoplay', 'off');
    document.body.append(second);
  });
  const { Widget } = await import('./browser.mjs');
  const second = new Widget(page, page.locator('pruning-playground').nth(1));
  await second.root.scrollIntoViewIfNeeded();
  await second.untilReady();
  assert.equal(page.workers().length, 2);
  await widget.run();
  await widget.untilAtLeast('step-count', 10);
  await second.root.scrollIntoViewIfNeeded();
  assert.equal(await second.value('step-count'), 0);
  await second.slideTo(50);
  assert.equal(await widget.value('sparsity'), 0);
  assert.notEqual(await widget.part('kept').getAttribute('data-total'), await second.part('kept').getAttribute('data-total'));
  const ended = page.workers()[1].waitForEvent('close');
  await page.evaluate(() => document.querySelectorAll('pruning-playground')[1].remove());
  await ended;
  assert.equal(page.workers().length, 1);
  await widget.root.scrollIntoViewIfNeeded();
  await widget.untilAtLeast('step-count', await widget.value('step-count') + 5);
  assert.deepEqual(faults, []);
  await page.close();
});

const DATA = process.env.PLAYGROUND_DATA ?? fileURLToPath(new URL('../../../shared/data/', import.meta.url));

if (existsSync(`${DATA}/cifar-10-batches-bin/test_batch.bin`)) {
  test('CIFAR-10 is read from its binary files', async () => {
    const { page, widget, faults } = await open(browser, { path: '?backend=cpu#dataset=cifar-10&train-limit=256', ready: false });
    await widget.until((root) => root.querySelector('[data-testid="awaiting-files"]')?.textContent?.includes('CIFAR-10') === true);
    await widget.part('file-input').setInputFiles(['data_batch_1.bin', 'test_batch.bin'].map((name) => `${DATA}/cifar-10-batches-bin/${name}`));
    await widget.untilReady();
    assert.equal(await widget.part('setting-dataset').inputValue(), 'cifar-10');
    assert.equal(Number(await widget.part('kept').getAttribute('data-total')), 8 * 27 + 16 * 8 * 9 + 10 * 16 * 64);
    await widget.part('step').click();
    await widget.untilAtLeast('step-count', 1);
    assert.deepEqual(faults, []);
    await page.close();
  });
}
