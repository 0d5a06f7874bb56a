// Networks of papers and of one's own: chosen, changed, trained, pruned, seen, and carried by the address.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PRESETS } from '../../www/model/presets.js';
import { launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Thinks of a preset, at a width. */
async function think(widget, name, divisor = 1) {
  await widget.part('network').click();
  await widget.part(`preset-${name}`).check();
  if (divisor > 1) await widget.part('network-width').selectOption(String(divisor));
  await widget.until((root, wanted) => root.querySelector('[data-testid="draft-words"]')?.textContent !== wanted, 'Being worked out…');
}

/** Begins with what is thought of, and waits until it is there. */
async function begin(widget, network) {
  await widget.part('network-apply').click();
  await widget.until((root, wanted) => root.querySelector('[data-testid="network"]')?.getAttribute('data-value') === wanted, network);
  await widget.until((root) => root.querySelector('[data-testid="step-count"]')?.getAttribute('data-value') === '0');
  await widget.untilReady();
}

/** Waits until the network that is thought of is this text. */
function untilText(widget, text) {
  return widget.until((root, wanted) => root.querySelector('[data-testid="network-text"]')?.value === wanted, text, 10_000);
}

/** Whether a picture has more than one colour. */
const isPainted = (canvas) => canvas.evaluate((element) => {
  const { data } = element.getContext('2d').getImageData(0, 0, element.width, element.height);
  return new Set(new Uint32Array(data.buffer)).size > 3;
});

/** Trains a little, cuts half, and checks that the overview and the figures tell the same. */
async function trainAndPrune(widget, steps) {
  await widget.run();
  await widget.untilAtLeast('step-count', steps);
  await widget.pause();
  await widget.slideTo(50);
  await widget.press('prune', 'pruned');
  const shares = await widget.part('strip').getByRole('tab').evaluateAll((tabs) => tabs.map((tab) => Number(tab.dataset.value)));
  const kept = await widget.value('kept-all');
  const total = Number(await widget.part('kept').getAttribute('data-total'));
  assert.ok(Math.abs(kept / total - 0.5) < 0.001, `${kept} of ${total}`);
  assert.ok(shares.some((share) => share < 1) && shares.every((share) => share >= 0 && share <= 1), String(shares));
  return shares;
}

for (const [name, divisor, dataset, layers, steps] of [
  ['lenet-300-100', 1, 'digits', ['fc1', 'fc2', 'fc3'], 40],
  ['conv-2', 8, 'digits', ['conv1', 'conv2', 'fc1', 'fc2', 'fc3'], 20],
  ['vgg-small', 4, 'shapes', ['conv1', 'conv4', 'fc'], 5],
  ['resnet-20', 4, 'shapes', ['conv1', 'conv10', 'conv19', 'fc'], 3],
  ['mobile', 4, 'shapes', ['conv1', 'conv2', 'conv3', 'fc'], 3],
]) {
  test(`${name} is chosen with the settings of its paper, trained and pruned, and each of its layers is seen`, async () => {
    const { page, widget, faults } = await open(browser, { path: `?backend=cpu#dataset=${dataset}` });
    const network = divisor === 1 ? name : `${name}/${divisor}`;
    const preset = PRESETS.find((each) => each.name === name);
    await think(widget, name, divisor);
    assert.match(await widget.part('draft-words').textContent(), /^[\d,]+ weights in \d+ layers, [\d,]+ multiply-accumulates/u);
    await begin(widget, network);
    const hash = decodeURIComponent(new URL(page.url()).hash);
    assert.ok(hash.includes(`network=${network}&`), hash);
    assert.ok(hash.includes(`optimiser=${preset.settings.optimiser}&`) && hash.includes(`learning-rate=${preset.settings['learning-rate']}&`), hash);
    await trainAndPrune(widget, steps);
    for (const layer of layers) {
      await widget.part(`strip-${layer}`).click();
      await widget.drawn();
      assert.equal(await widget.part(`strip-${layer}`).getAttribute('aria-selected'), 'true');
      const picture = widget.part(`picture-${layer}`);
      assert.ok(await isPainted(picture), layer);
      await picture.hover({ position: { x: 2, y: 2 } });
      assert.match(await widget.part('weight-readout').textContent(), /(w = |kept, mean )/u);
    }
    assert.equal(await widget.part('strip').getAttribute('data-shortcuts'), name === 'resnet-20' ? '9' : '0');
    assert.deepEqual(faults, []);
    await page.close();
  });
}

test('a paper’s schedule and augmentation come with its network, and are set by hand under Settings', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#dataset=shapes' });
  await think(widget, 'resnet-20', 8);
  assert.match(await widget.part('paper-words').textContent(), /Learning rate over the steps In steps.*32,000 \/ 48,000.*Shift and flip training images on/u);
  await begin(widget, 'resnet-20/8');
  await widget.part('settings').click();
  await widget.part('settings-training').locator('summary').click();
  assert.equal(await widget.part('setting-drops').inputValue(), '32000,48000');
  assert.ok(await widget.part('setting-augment').isChecked());
  await widget.part('setting-reestimate').waitFor();
  assert.ok(!(await widget.part('setting-cosine-steps').isVisible()));
  await widget.part('setting-schedule').selectOption('cosine');
  await widget.part('setting-cosine-steps').fill('500');
  await widget.part('setting-cosine-steps').press('Enter');
  await widget.until(() => decodeURIComponent(globalThis.location.hash).includes('cosine-steps=500'));
  await widget.untilReady();
  assert.match(page.url(), /schedule=cosine&.*augment=true/u);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a network that can not work says which layer and why, and what is in hand goes on', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#dataset=digits' });
  await widget.run();
  await widget.untilAtLeast('step-count', 20);
  await think(widget, 'lenet-5');
  assert.match(await widget.part('draft-words').textContent(), /^Not with these images: (Conv|Pool) 2/u);
  assert.ok(await widget.part('network-apply').isDisabled());
  const step = await widget.value('step-count');
  await widget.untilAtLeast('step-count', step + 5);
  await widget.part('network-close').click();
  assert.equal(await widget.part('network').getAttribute('data-value'), 'two-conv');
  assert.equal(await widget.part('notices').locator('.notice').count(), 0);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a network is changed layer by layer by the keyboard, and its address brings it back', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#dataset=digits' });
  await widget.part('network').click();
  await widget.part('network-change').locator('summary').press('Enter');
  await widget.until((root) => root.querySelectorAll('.net-row').length === 7);
  const rows = widget.part('net-rows').locator('li');
  // A fourth more filters in the first layer, a norm after it, and no pooling behind the second.
  await rows.nth(0).locator('[data-field="out"]').fill('10');
  await rows.nth(0).getByTestId('row-add').press('Enter');
  await rows.nth(1).getByTestId('row-kind').selectOption('batch-norm');
  await untilText(widget, 'c3-10 b r p2 c3-16 r p2 f');
  await rows.nth(6).getByTestId('row-remove').press('Enter');
  const text = 'c3-10 b r p2 c3-16 r f';
  await untilText(widget, text);
  await widget.until((root) => root.querySelector('[data-testid="draft-words"]')?.textContent.startsWith('4,'));
  assert.match(await rows.nth(0).textContent(), /10×8×8.*90 weights/u);
  await widget.part('network-apply').click();
  await widget.until((root, wanted) => root.querySelector('[data-testid="network"]')?.getAttribute('data-value') === wanted, text);
  await widget.untilReady();
  assert.match(page.url(), /network=c3-10_b_r_p2_c3-16_r_f&/u);
  await widget.until((root) => root.querySelectorAll('[data-testid="strip"] [role="tab"]').length === 3);
  await page.reload();
  await widget.untilReady();
  assert.equal(await widget.part('network').getAttribute('data-value'), text);
  await widget.until((root) => root.querySelectorAll('[data-testid="strip"] [role="tab"]').length === 3);
  assert.deepEqual(faults, []);
  await page.close();
});

test('on a phone, twenty layers scroll in boxes of their own, and the panel leaves nothing outside', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#dataset=shapes&network=resnet-20/8&scope=hand', viewport: { width: 360, height: 740 } });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360));
  const tab = await widget.part('strip-conv19').evaluate((element) => element.getBoundingClientRect().width);
  assert.ok(tab >= 44, `a tab of ${tab} pixels`);
  const box = await widget.part('layers').evaluate((element) => [element.clientHeight, element.scrollHeight]);
  assert.ok(box[0] < box[1] && box[0] <= 320, String(box));
  await widget.part('slider-conv19').scrollIntoViewIfNeeded();
  await widget.part('slider-conv19').press('Shift+ArrowRight');
  await widget.until((root) => Number(root.querySelector('[data-testid="share-conv19"]')?.dataset.value) > 0.04);
  await widget.part('network').click();
  await widget.part('network-change').locator('summary').click();
  await widget.until((root) => root.querySelectorAll('.net-row').length > 80);
  const panel = await widget.part('net-rows').evaluate((element) => element.getBoundingClientRect().right);
  assert.ok(panel <= 360, `the rows end at ${panel}`);
  assert.deepEqual(faults, []);
  await page.close();
});
