// What fits where, what is read out, and in which words: in the ways of pruning, sizes and languages that there are.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const ON_ONE_SCREEN = ['run', 'slider', 'prune', 'fine-tune', 'curve', 'histogram', 'examples', 'picture-conv1', 'picture-conv2', 'picture-fc', 'layers'];

/** @param {import('./browser.mjs').Widget} widget */
async function fits(widget, names) {
  for (const name of names) {
    const box = await widget.part(name).boundingBox();
    assert.ok(box, `${name} is not shown`);
    const { x, y, width, height } = box;
    assert.ok(width > 0 && height > 0 && x >= 0 && y >= 0 && x + width <= 1280 && y + height <= 720, `${name}: ${x} ${y} ${width} ${height}`);
  }
  assert.deepEqual(await widget.page.evaluate(() => [document.documentElement.scrollWidth, window.scrollY]), [1280, 0]);
}

for (const lang of ['en', 'zh-CN']) {
  test(`controls, network, curve and slider are on one screen of 1280x720 at rest, in training, pruned and in every way of cutting, ${lang}`, async () => {
    const { page, widget, faults } = await open(browser, { path: `?backend=cpu#lang=${lang}` });
    await fits(widget, ON_ONE_SCREEN);
    await widget.part('run').click();
    await widget.untilAtLeast('accuracy', 0.9, 60_000);
    await fits(widget, ON_ONE_SCREEN);
    await widget.part('run').click();
    await widget.until((root) => root.querySelector('[data-testid="states"] [aria-current="true"]')?.dataset.kind === 'dense');
    await widget.slideTo(60);
    await widget.part('prune').click();
    await widget.until((root) => root.querySelector('[data-testid="states"] [aria-current="true"]')?.dataset.kind === 'pruned');
    await widget.untilMeasured();
    await fits(widget, ON_ONE_SCREEN);
    await widget.part('reset').click();
    await widget.until((root) => Number(root.querySelector('[data-testid="step-count"]').dataset.value) === 0);
    await widget.untilMeasured();
    await widget.choose('granularity', 'filter');
    await fits(widget, ON_ONE_SCREEN);
    await widget.choose('granularity', '2:4');
    await fits(widget, ON_ONE_SCREEN);
    await widget.choose('granularity', 'weight');
    await widget.choose('scope', 'hand');
    // Each layer has a slider of its own.
    await fits(widget, [...ON_ONE_SCREEN.filter((name) => name !== 'slider'), 'slider-conv1', 'slider-fc']);
    assert.deepEqual(faults, []);
    await page.close();
  });
}

test('at 360 px nothing sticks out, every visible control is 44 px, and the slider stays at the end', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu', viewport: { width: 360, height: 740 } });
  const small = await widget.root.evaluate(({ shadowRoot }) => [...shadowRoot.querySelectorAll('button, select, input')]
    .filter((control) => control.checkVisibility() && !control.matches('.visually-hidden'))
    .map((control) => ({ control, box: (control.closest('label') ?? control).getBoundingClientRect() }))
    .filter(({ box }) => box.height < 43.5 || box.width < 43.5)
    .map(({ control, box }) => `${control.dataset.testid ?? control.textContent}: ${box.width}x${box.height}`));
  assert.deepEqual(small, []);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  await widget.part('prune').scrollIntoViewIfNeeded();
  const { y, height } = await widget.part('slider').boundingBox();
  assert.ok(y >= 0 && y + height <= 740, `slider at ${y}`);
  assert.deepEqual(faults, []);
  await page.close();
});

test('pointing at a square reads out its layer, place, weight, score and fate, in the linear layer too', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  for (const [layer, name] of [['conv1', 'Conv 1, filter 1, input 1, row 1, column 1'], ['conv2', 'Conv 2, filter 1'], ['fc', 'Linear, input 1 to 0']]) {
    await widget.part(`picture-${layer}`).hover({ position: { x: 1, y: 1 } });
    await widget.until((root, start) => root.querySelector('[data-testid="weight-readout"]')?.textContent?.startsWith(start) === true, name);
    assert.match(await widget.part('weight-readout').textContent(), /: w = .+\|w\| = .+, kept$/u);
  }
  await widget.slideTo(100);
  await widget.part('picture-fc').hover({ position: { x: 2, y: 2 } });
  await widget.until((root) => root.querySelector('[data-testid="weight-readout"]')?.textContent?.endsWith(', removed') === true);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a filter shows what it sees in the chosen image, under the pointer and from the keyboard, and nothing moves for it', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  const picture = () => widget.part('activation').evaluate((canvas) => [canvas.width, canvas.height, canvas.toDataURL()].join());
  const places = () => widget.root.evaluate(({ shadowRoot }) => [...shadowRoot.querySelectorAll('section, .layer canvas, .output')].map((element) => JSON.stringify(element.getBoundingClientRect())));
  const before = await places();
  assert.equal(await widget.part('activation').isVisible(), false);
  await widget.part('picture-conv1').hover({ position: { x: 4, y: 4 } });
  await widget.part('activation').waitFor();
  assert.match(await widget.part('activation-words').textContent(), /^What filter 1 sees/u);
  const first = await picture();
  assert.match(first, /^8,8,/u);
  await widget.part('examples').locator('button').nth(1).press('Enter');
  await widget.drawn();
  assert.notEqual(await picture(), first);
  await widget.part('picture-conv2').hover({ position: { x: 4, y: 4 } });
  await widget.drawn();
  assert.match(await picture(), /^4,4,/u);
  assert.deepEqual(await places(), before);
  // Without a pointer.
  await page.mouse.move(2, 2);
  await widget.part('picture-conv1').focus();
  await page.keyboard.press('ArrowRight');
  await widget.until((root) => root.querySelector('[data-testid="activation-words"]')?.textContent?.startsWith('What filter 2 sees') === true);
  assert.match(await widget.part('picture-conv1').getAttribute('aria-valuetext'), /^Conv 1, filter 2: 9 of 9 weights kept$/u);
  // The slider has not moved by that, and where everything is cut no filter sees anything.
  assert.equal(await widget.value('kept'), 1864);
  await widget.choose('granularity', 'filter');
  await widget.slideTo(100);
  await widget.part('picture-conv1').focus();
  await widget.until((root) => root.querySelector('[data-testid="activation-words"]')?.textContent === 'Filter 2 sees nothing in it');
  assert.deepEqual(faults, []);
  await page.close();
});

test('the page is usable within a second, and on Run the loss moves within another', async (t) => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu', ready: false });
  const at = (name, least) => widget.root.evaluate(({ shadowRoot }, [wanted, limit]) => new Promise((resolve) => {
    const look = () => {
      const run = shadowRoot?.querySelector('[data-testid="run"]');
      const figure = shadowRoot?.querySelector(`[data-testid="${wanted}"]`)?.dataset.value;
      if (run?.disabled === false && figure !== undefined && Number(figure) >= limit) resolve(performance.now());
      else requestAnimationFrame(look);
    };
    look();
  }), [name, least]);
  const usable = await at('preview-accuracy', 0);
  const pressed = await widget.part('run').evaluate((button) => { button.click(); return performance.now(); });
  await at('step-count', 1);
  const moved = await at('loss', 0) - pressed;
  t.diagnostic(`usable after ${usable.toFixed(0)} ms; the loss moved ${moved.toFixed(0)} ms after Run`);
  // Three times what is promised: the machine that tests does other things meanwhile.
  assert.ok(usable < 3000 && moved < 3000, `${usable} ms, ${moved} ms`);
  assert.deepEqual(faults, []);
  await page.close();
});

test('the accuracy of a preview is there within 100 ms of a move', async (t) => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  const times = await widget.root.evaluate(async ({ shadowRoot }) => {
    const [slider, accuracy, kept, samples] = ['slider', 'preview-accuracy', 'kept', 'preview-samples'].map((name) => shadowRoot.querySelector(`[data-testid="${name}"]`));
    const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve); });
    const found = [];
    for (let move = 1; move <= 60; move += 1) {
      const before = kept.dataset.value;
      const from = performance.now();
      slider.value = String(Number(slider.max) * ((move * 37) % 100) / 100);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      while (kept.dataset.value === before || accuracy.ariaBusy !== 'false' || Number(accuracy.dataset.pruned) !== Number(kept.dataset.total) - Number(kept.dataset.value)) await frame();
      found.push({ seen: performance.now() - from, core: Number(samples.dataset.ms) });
    }
    return found;
  });
  const p95 = (values) => values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1];
  const [core, seen] = [p95(times.map((time) => time.core)), p95(times.map((time) => time.seen))];
  t.diagnostic(`p95 of ${times.length} moves: ${core.toFixed(1)} ms in the core, ${seen.toFixed(1)} ms from move to picture`);
  assert.ok(core > 0 && core <= 100, `${core} ms`);
  assert.deepEqual(faults, []);
  await page.close();
});

test('pointing at the curve reads it out, and pressing a state on it goes back there', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.run();
  await widget.untilAtLeast('accuracy', 0.9);
  await widget.pause();
  const [{ id, accuracy }] = await widget.states('dense');
  await widget.slideTo(90);
  await widget.press('prune', 'pruned');
  await widget.untilAtLeast('curve-readout', 1, 60_000);
  const { x, y, width, height } = await widget.part('curve').locator('.u-over').boundingBox();
  await page.mouse.move(x + 0.95 * width, y + 0.5 * height);
  await widget.until((root) => /^9\d(\.\d)?% sparse.*%/u.test(root.querySelector('[data-testid="curve-readout"]').textContent));
  await page.mouse.click(x + 1, y + (1 - accuracy) * height);
  await widget.until((root, wanted) => Number(root.querySelector('[data-testid="states"] [aria-current="true"]')?.dataset.id) === wanted, id);
  await widget.untilMeasured();
  assert.equal(await widget.value('kept'), 1864);
  assert.equal((await widget.states('dense')).find((state) => state.id === id).accuracy, await widget.value('preview-accuracy'));
  assert.deepEqual(faults, []);
  await page.close();
});

test('weights and multiply-accumulates of the layers add up exactly to those of the network', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  const sum = async (what) => (await Promise.all(['conv1', 'conv2', 'fc'].map((name) => widget.value(`${what}-${name}`)))).reduce((a, b) => a + b);
  assert.equal(await sum('macs'), 72 * 64 + 1152 * 16 + 640);
  for (const percent of [37, 90, 100]) {
    await widget.slideTo(percent);
    assert.equal(await sum('kept'), await widget.value('kept'));
    assert.equal(await sum('kept'), await widget.value('kept-all'));
    assert.equal(await sum('macs'), await widget.value('macs-all'));
    assert.equal(await widget.value('macs-all'), 64 * await widget.value('kept-conv1') + 16 * await widget.value('kept-conv2') + await widget.value('kept-fc'));
  }
  assert.deepEqual(faults, []);
  await page.close();
});

test('the histogram counts on a logarithmic scale when asked', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  const picture = () => widget.part('histogram').evaluate((canvas) => canvas.toDataURL());
  const linear = await picture();
  await widget.part('log-counts').check();
  await widget.drawn();
  const logarithmic = await picture();
  assert.notEqual(logarithmic, linear);
  await widget.part('log-counts').uncheck();
  await widget.drawn();
  assert.equal(await picture(), linear);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a dozen images with the three likeliest answers; each that pruning flipped says so in words and has another shape', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.run();
  await widget.untilAtLeast('accuracy', 0.9);
  await widget.pause();
  const cards = widget.part('examples').locator('button');
  assert.equal(await cards.count(), 12);
  const shares = await cards.evaluateAll((buttons) => buttons.map((button) => [...button.querySelectorAll('[data-testid="guess"] [data-value]')].map(({ dataset }) => Number(dataset.value))));
  for (const three of shares) {
    assert.equal(three.length, 3);
    assert.deepEqual(three.toSorted((a, b) => b - a), three);
    assert.ok(three[2] >= 0 && three.reduce((a, b) => a + b) <= 1.000001, `${three}`);
  }
  assert.match(await cards.first().getAttribute('aria-label'), /the network says \d with [\d.]+%, then \d with [\d.]+%, then \d with [\d.]+%/u);
  assert.equal(await widget.value('flipped'), 0);
  await widget.slideTo(98);
  const flipped = await cards.evaluateAll((buttons) => buttons.filter(({ dataset }) => dataset.flipped === 'true').map((button) => ({
    words: button.textContent, corner: getComputedStyle(button.querySelector('canvas')).borderStartEndRadius,
  })));
  assert.ok(flipped.length > 0);
  assert.equal(flipped.length, await widget.value('flipped'));
  for (const { words, corner } of flipped) {
    assert.match(words, /→.*flipped/u);
    assert.equal(corner, '14px');
  }
  assert.deepEqual(faults, []);
  await page.close();
});

test('in Chinese every word is Chinese, shown or not, but for names and symbols', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#lang=zh-CN' });
  // Some say more once they are open.
  for (const name of ['settings', 'share', 'backend-chip', 'workers', 'recipe', 'sheet-curve', 'sheet-filters']) {
    await widget.part(name).click();
    await page.keyboard.press('Escape');
  }
  const foreign = await widget.root.evaluate(({ shadowRoot }) => {
    const names = /CIFAR-10|Fashion-MNIST|MNIST|CPU|GPU|WebGPU|WebAssembly|SIMD|English|SynFlow|GraSP|Taylor|SNIP|FPGM|APoZ|L1|L2|∂L|ReLU|Adam|JSON|CSV|PNG|safetensors|softmax|zip|ONNX|PyTorch|torchrun|Mbit|SGD|Glorot|Nesterov/giu;
    // Papers are cited as they are titled.
    const citation = /^[A-Z].+: .+, .*(?:19|20)\d\d\.$/u;
    const found = [];
    const look = (text, where) => { if (!citation.test(text ?? '') && /[a-z]{3,}/iu.test((text ?? '').replace(names, ''))) found.push(`${where}: ${text}`); };
    const walk = document.createTreeWalker(shadowRoot, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (node instanceof Element) for (const name of ['title', 'aria-label', 'aria-valuetext', 'aria-description', 'placeholder', 'alt']) look(node.getAttribute(name), name);
      else if (!node.parentElement.closest('style, code, kbd, cite, math')) look(node.nodeValue, node.parentElement.className || node.parentElement.localName);
    }
    return [...new Set(found)];
  });
  assert.deepEqual(foreign, []);
  assert.deepEqual(faults, []);
  await page.close();
});
