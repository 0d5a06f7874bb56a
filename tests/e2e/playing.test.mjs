// What a learner does first: train, drag, prune, fine-tune, go back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** A page with a network trained on the digits. */
async function trained(least = 0.95) {
  const opened = await open(browser, { path: '?backend=cpu' });
  await opened.widget.run();
  await opened.widget.untilAtLeast('accuracy', least, 20_000);
  await opened.widget.pause();
  return opened;
}

test('on Run the loss moves within a second', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.run();
  await widget.until((root) => root.querySelector('[data-testid="loss"]')?.hasAttribute('data-value') === true, undefined, 1000);
  assert.deepEqual(faults, []);
  await page.close();
});

test('the digits are learnt to 95% within 20 seconds of Run', async () => {
  const { page, widget, faults } = await trained(0.95);
  assert.ok(await widget.value('accuracy') > 0.9);
  assert.deepEqual(faults, []);
  await page.close();
});

test('Step is exactly one step', async () => {
  const { page, widget } = await open(browser, { path: '?backend=cpu' });
  for (const step of [1, 2, 3]) {
    await widget.part('step').click();
    await widget.untilAtLeast('step-count', step);
    await page.waitForTimeout(100);
    assert.equal(await widget.value('step-count'), step);
  }
  await page.close();
});

test('dragging to 95% and back gives exactly the dense accuracy again', async () => {
  const { page, widget, faults } = await trained();
  const dense = await widget.value('preview-accuracy');
  await widget.slideTo(95);
  const cut = await widget.value('preview-accuracy');
  assert.ok(cut < dense);
  await widget.slideTo(0);
  assert.equal(await widget.value('preview-accuracy'), dense);

  const { x, y, width, height } = await widget.part('slider').boundingBox();
  const at = (share) => [x + 10 + share * (width - 20), y + height / 2];
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let share = 0; share <= 0.95; share += 0.05) await page.mouse.move(...at(share));
  await page.mouse.move(...at(0.95));
  await widget.untilMeasured();
  assert.ok(Math.abs(await widget.value('sparsity') - 0.95) < 0.01);
  assert.ok(await widget.value('preview-accuracy') < dense);
  await page.mouse.move(...at(0));
  await page.mouse.up();
  await widget.untilMeasured();
  assert.equal(await widget.value('sparsity'), 0);
  assert.equal(await widget.value('preview-accuracy'), dense);
  assert.deepEqual(faults, []);
  await page.close();
});

test('dragging the line of the histogram cuts by threshold', async () => {
  const { page, widget } = await open(browser, { path: '?backend=cpu' });
  const { x, y, width, height } = await widget.part('histogram').boundingBox();
  await page.mouse.move(x + 12, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 4, y + height / 2, { steps: 5 });
  await page.mouse.up();
  await widget.untilMeasured();
  const share = (width / 4 - 10) / (width - 20);
  const threshold = await widget.value('threshold');
  assert.ok(Math.abs(threshold - share * await widget.value('largest')) < 0.02 * await widget.value('largest'));
  assert.ok(await widget.value('sparsity') > 0);
  await page.close();
});

test('pruned weights add up by layer, fine-tuning wins accuracy back, and the dense state can be restored', async () => {
  const { page, widget, faults } = await trained();
  const dense = await widget.value('preview-accuracy');
  await widget.slideTo(80);
  const pruned = await widget.press('prune', 'pruned');
  assert.ok(Math.abs(pruned.sparsity - 0.8) < 0.001);
  const total = Number(await widget.part('kept').getAttribute('data-total'));
  const layers = await Promise.all(['conv1', 'conv2', 'fc'].map((name) => widget.value(`kept-${name}`)));
  assert.equal(layers.reduce((a, b) => a + b), await widget.value('kept'));
  assert.equal(pruned.sparsity, 1 - await widget.value('kept') / total);
  assert.equal(await widget.value('preview-accuracy'), pruned.accuracy);
  assert.ok(pruned.accuracy < dense);

  const tuned = await widget.press('fine-tune', 'fine-tuned');
  assert.equal(tuned.sparsity, pruned.sparsity);
  assert.ok(tuned.accuracy > pruned.accuracy, `${tuned.accuracy} after, ${pruned.accuracy} before`);

  await widget.goBackTo('dense');
  assert.equal(await widget.value('sparsity'), 0);
  assert.equal(await widget.value('preview-accuracy'), dense);
  assert.deepEqual(faults, []);
  await page.close();
});

test('the whole one-shot curve is drawn without being asked for', async () => {
  const { page, widget } = await open(browser, { path: '?backend=cpu' });
  await widget.untilAtLeast('curve-readout', 33, 60_000);
  await page.close();
});

test('keys play the widget only while it has the focus', async () => {
  const { page, widget } = await open(browser, { path: '?backend=cpu' });
  await page.evaluate(() => document.activeElement?.blur?.());
  await page.keyboard.press('.');
  await page.waitForTimeout(200);
  assert.equal(await widget.value('step-count'), 0);
  await widget.part('slider').focus();
  await page.keyboard.press('.');
  await widget.untilAtLeast('step-count', 1);
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('ArrowRight');
  await widget.untilMeasured();
  assert.equal(await widget.value('requested'), 0.06);
  await page.keyboard.press('r');
  await widget.until((root) => root.querySelector('[data-testid="step-count"]')?.getAttribute('data-value') === '0');
  await page.keyboard.press('Space');
  await widget.untilAtLeast('step-count', 5);
  assert.equal(await widget.busy(), true);
  await page.close();
});
