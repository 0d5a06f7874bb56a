// Choosing how weights are ranked and cut, and what the page says of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

const OF_FILTERS = ['filter-l1', 'filter-l2', 'fpgm', 'activation'];
const CRITERIA = ['random', 'gradient', 'taylor', 'synflow', 'grasp', ...OF_FILTERS];

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** A page with a network trained on the digits for a little while. */
async function trained(settings = '') {
  const opened = await open(browser, { path: `?backend=cpu${settings}` });
  await opened.widget.run();
  await opened.widget.untilAtLeast('accuracy', 0.9, 20_000);
  await opened.widget.pause();
  return opened;
}

/** Kept weights of each layer, and of all. */
async function kept(widget) {
  const layers = await Promise.all(['conv1', 'conv2', 'fc'].map((name) => widget.value(`kept-${name}`)));
  return { layers, all: await widget.value('kept'), total: Number(await widget.part('kept').getAttribute('data-total')) };
}

test('every criterion ranks and cuts; going back to magnitude gives exactly the same accuracy again', async () => {
  const { page, widget, faults } = await trained();
  const step = await widget.value('step-count');
  const states = await widget.part('states').locator('button').count();
  await widget.slideTo(50);
  const magnitude = await widget.value('preview-accuracy');
  for (const criterion of CRITERIA) {
    await widget.choose('criterion', criterion);
    const granularity = await widget.part('setting-granularity').inputValue();
    assert.equal(granularity, OF_FILTERS.includes(criterion) ? 'filter' : 'weight');
    const { layers, all, total } = await kept(widget);
    assert.equal(layers.reduce((a, b) => a + b), all);
    assert.equal(await widget.value('sparsity'), (total - all) / total);
    if (granularity === 'weight') assert.equal(all, total / 2);
    else assert.ok(all < total);
    assert.equal(await widget.value('requested'), 0.5);
    assert.ok(await widget.value('preview-accuracy') > 0, criterion);
    assert.match(page.url(), new RegExp(`criterion=${criterion}`, 'u'));
  }
  assert.match(await widget.part('notices').textContent(), /whole filters/u);
  await widget.choose('granularity', 'weight');
  assert.equal(await widget.part('setting-criterion').inputValue(), 'magnitude');
  assert.equal(await widget.value('preview-accuracy'), magnitude);
  assert.deepEqual([await widget.value('step-count'), await widget.part('states').locator('button').count()], [step, states]);
  assert.deepEqual(faults, []);
  await page.close();
});

test('what a gradient is not, and which images it saw, stands beside it', async () => {
  const { page, widget } = await open(browser, { path: '?backend=cpu#criterion=gradient&score-batch=100' });
  assert.match(await widget.part('criterion-about').textContent(), /not \|w·∂L\/∂w\|: no saliency.*at random/u);
  assert.match(await widget.part('criterion-batch').textContent(), /first 100 training images/u);
  await widget.part('criterion-more').click();
  await widget.part('criterion-formula').waitFor();
  assert.ok(await widget.part('criterion-formula').locator('mfrac').count() > 0);
  const { y, height, x, width } = await widget.part('criterion-formula').locator('xpath=..').boundingBox();
  assert.ok(x >= 0 && y >= 0 && x + width <= 1280 && y + height <= 720);
  await page.close();
});

for (const lang of ['en', 'zh-CN']) {
  test(`what is said of every criterion fits on one screen of 1280x720, ${lang}`, async () => {
    const { page, widget } = await open(browser, { path: `?backend=cpu#lang=${lang}` });
    for (const criterion of ['magnitude', ...CRITERIA]) {
      await widget.choose('criterion', criterion);
      const { y, height } = await widget.part('criterion-more').boundingBox();
      assert.ok(y + height <= 720, `${criterion}: ${y + height}`);
    }
    await page.close();
  });
}

test('layer by layer, each loses the same share, and no one threshold is named', async () => {
  const { page, widget } = await trained('#scope=layer');
  await widget.slideTo(50);
  assert.deepEqual((await kept(widget)).layers, [36, 576, 320]);
  assert.equal(await widget.part('threshold').textContent(), 'by layer');
  await page.close();
});

test('by hand, only the layer whose slider moves changes', async () => {
  const { page, widget, faults } = await trained();
  await widget.choose('scope', 'hand');
  const before = (await kept(widget)).layers;
  const slider = widget.part('slider-conv2');
  await slider.focus();
  for (let i = 0; i < 8; i += 1) await slider.press('Shift+ArrowRight');
  await widget.untilMeasured();
  assert.deepEqual((await kept(widget)).layers, [before[0], 691, before[2]]);
  assert.equal(await widget.value('share-conv2'), 0.4);
  const pruned = await widget.press('prune', 'pruned');
  assert.equal(pruned.sparsity, 461 / 1864);
  await widget.goBackTo('dense');
  assert.equal(await widget.value('sparsity'), 0);
  assert.equal(await widget.value('share-conv2'), 0);
  assert.deepEqual(faults, []);
  await page.close();
});

test('by hand, filters go layer by layer, and the linear layer has none of its own', async () => {
  const { page, widget } = await trained('#scope=hand&granularity=filter');
  assert.equal(await widget.part('slider-fc').isDisabled(), true);
  const slider = widget.part('slider-conv2');
  await slider.focus();
  for (let i = 0; i < 10; i += 1) await slider.press('Shift+ArrowRight');
  await widget.untilMeasured();
  assert.deepEqual((await kept(widget)).layers, [72, 576, 320]);
  await page.close();
});

test('2:4 cuts so many of the fours as the slider says, with all of them half of the layers that four divides, and no other', async () => {
  const { page, widget, faults } = await trained();
  await widget.choose('granularity', '2:4');
  await widget.slideTo(50);
  assert.equal((await kept(widget)).all, 1864 - 448);
  assert.match(await widget.part('requested').textContent(), /50\.0% of fours/u);
  await widget.slideTo(100);
  assert.deepEqual((await kept(widget)).layers, [72, 576, 320]);
  const pruned = await widget.press('prune', 'pruned');
  assert.equal(pruned.sparsity, 896 / 1864);
  assert.equal(await widget.value('preview-accuracy'), pruned.accuracy);
  await widget.choose('granularity', 'weight');
  assert.equal(await widget.value('kept'), 1864 - 896);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a state says by what it was cut, and a spared or never emptied layer keeps what it must', async () => {
  const { page, widget } = await trained('#criterion=random&spare-classifier=true&never-empty=true');
  await widget.slideTo(100);
  const { layers } = await kept(widget);
  assert.deepEqual(layers, [1, 1, 640]);
  await widget.press('prune', 'pruned');
  assert.match(await widget.part('states').locator('button[data-kind="pruned"]').textContent(), /random/u);
  await page.close();
});

test('the method outlives the worker', async () => {
  const { page, widget } = await trained();
  await widget.choose('criterion', 'taylor');
  await widget.slideTo(60);
  const accuracy = await widget.value('preview-accuracy');
  await page.workers()[0].evaluate(() => self.close());
  await widget.until((root) => root.querySelector('[data-key="worker-restored"]') !== null);
  await widget.untilRanked();
  await widget.untilMeasured();
  assert.equal(await widget.part('setting-criterion').inputValue(), 'taylor');
  assert.equal(await widget.value('preview-accuracy'), accuracy);
  await page.close();
});

test('the page says the same in Chinese', async () => {
  const { page, widget } = await open(browser, { path: '?backend=cpu#lang=zh-CN&criterion=gradient' });
  assert.match(await widget.part('criterion-about').textContent(), /不是 \|w·∂L\/∂w\|/u);
  await page.close();
});
