// The article below the widget: its buttons lead to what they speak of, and it is readable on its own.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SITE, launch, open } from './browser.mjs';

const WEIGHTS = 72 + 1152 + 640;
const MACS = 72 * 64 + 1152 * 16 + 640;

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const button = (page, name) => page.locator(`button.try[data-try="${name}"]:visible`);
const snapshot = (page) => page.evaluate(() => document.querySelector('pruning-playground').snapshot());

/** Waits until a condition on the snapshot holds; it runs in the page. */
async function untilSnapshot(page, condition) {
  const check = await page.evaluateHandle(`(${condition})`);
  await page.waitForFunction((holds) => holds(document.querySelector('pruning-playground').snapshot()), check, { timeout: 60_000, polling: 50 });
}

const state = (page) => page.getByTestId('try-state');

/** Presses a button of the article and waits until it has told of its end. */
async function tryIt(page, name) {
  await button(page, name).click();
  await page.waitForFunction((wanted) => [...document.querySelectorAll(`[data-try="${wanted}"]`)].some((one) => one.getAttribute('aria-busy') === 'false'), name, { timeout: 120_000, polling: 50 });
  const now = await snapshot(page);
  return { ...now, told: await state(page).textContent(), current: now.points.find(({ id }) => id === now.currentPoint) };
}

const near = (found, wanted) => assert.ok(Math.abs(found - wanted) < 0.001, `${found}, not ${wanted}`);

test('every button leads to the state that its section speaks of, whatever was there before', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  const why = await tryIt(page, 'why');
  near(why.sparsity.actual, 0.3);
  assert.equal(why.sparsity.held, 0);
  assert.ok(why.step >= 800 && why.activity === 'idle' && why.accuracy.value > 0.6, JSON.stringify(why.accuracy));
  assert.match(why.told, /^30\.0% cut, \d+\.\d% of 360 test images right/u);
  const line = await page.locator('.below').boundingBox();
  const { y, height } = await widget.root.boundingBox();
  assert.ok(y === 0 && height <= line.y && line.y + line.height <= 720, 'the widget and the line that tells are in view');

  const gradient = await tryIt(page, 'score-gradient');
  const magnitude = await tryIt(page, 'score-magnitude');
  for (const each of [gradient, magnitude]) near(each.sparsity.actual, 0.5);
  assert.equal(magnitude.step, why.step, 'it is not trained again');
  assert.ok(gradient.accuracy.value < magnitude.accuracy.value - 0.1, `${gradient.accuracy.value} < ${magnitude.accuracy.value}`);

  const cut = await tryIt(page, 'cut');
  assert.deepEqual([cut.sparsity.held, cut.current.kind, cut.current.kept.reduce((a, b) => a + b)], [0.5, 'pruned', WEIGHTS / 2]);

  const retrain = await tryIt(page, 'retrain');
  near(retrain.sparsity.held, 0.8);
  assert.deepEqual([retrain.current.kind, retrain.current.step], ['fine-tuned', why.step + 200]);
  const before = retrain.points.find(({ kind, sparsity }) => kind === 'pruned' && sparsity > 0.7);
  assert.ok(retrain.accuracy.value > before.accuracy.value + 0.2, `${before.accuracy.value} to ${retrain.accuracy.value}`);

  const random = await tryIt(page, 'trust');
  near(random.sparsity.actual, 0.3);
  assert.deepEqual([random.settings.criterion, random.sparsity.held], ['random', 0]);
  assert.ok(random.accuracy.value < why.accuracy.value - 0.2, `${random.accuracy.value}`);

  const one = await tryIt(page, 'parallel-one');
  const many = await tryIt(page, 'parallel-many');
  assert.deepEqual([one, many].map(({ settings }) => [settings.criterion, settings['score-batch']]), [['taylor', 1], ['taylor', 256]]);
  assert.ok(one.accuracy.value < many.accuracy.value, `${one.accuracy.value} < ${many.accuracy.value}`);

  const speed = await tryIt(page, 'speed');
  assert.deepEqual([speed.weights.kept, speed.macs.kept, speed.macs.total], [36 + 288 + 320, 36 * 64 + 288 * 16 + 320, MACS]);
  assert.match(speed.told, /^65\.5% of the weights and 69\.5% of the MACs cut/u);
  assert.deepEqual(cut.points.filter(({ id }) => !speed.points.some((point) => point.id === id)), [], 'no state is lost');
  assert.deepEqual(faults, []);
  await page.close();
});

test('the buttons of iterating, the ticket and distillation carry out their recipes', async () => {
  const { page, faults } = await open(browser, { path: '?backend=cpu' });
  const distil = await tryIt(page, 'distil');
  near(distil.sparsity.held, 0.9);
  assert.deepEqual([distil.current.kind, distil.current.step], ['fine-tuned', 1200]);
  const iterate = await tryIt(page, 'iterate');
  near(iterate.sparsity.held, 0.9);
  assert.deepEqual([iterate.current.kind, iterate.current.step], ['fine-tuned', 1800]);
  assert.ok(iterate.accuracy.value > distil.accuracy.value, `${iterate.accuracy.value} > ${distil.accuracy.value}`);
  const ticket = await tryIt(page, 'ticket');
  assert.deepEqual([ticket.current.kind, ticket.current.step, ticket.recipe], ['fine-tuned', 800, null]);
  near(ticket.sparsity.held, 0.832);
  assert.ok(ticket.accuracy.value > ticket.denseAccuracy.value - 0.06, `${ticket.accuracy.value}`);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a button works while it trains, in the middle of a recipe, and where files are awaited', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#dataset=cifar-10', ready: false });
  await widget.part('awaiting-files').waitFor();
  assert.equal((await tryIt(page, 'why')).dataset.id, 'digits');
  await page.evaluate(() => document.querySelector('pruning-playground').run());
  assert.deepEqual((({ activity, sparsity }) => [activity, sparsity.requested])(await tryIt(page, 'score-magnitude')), ['idle', 0.5]);
  await button(page, 'ticket').click();
  await untilSnapshot(page, (now) => now.recipe !== null && now.step > 0);
  const replaced = await tryIt(page, 'cut');
  assert.deepEqual([replaced.recipe, replaced.sparsity.held], [null, 0.5]);
  assert.equal(await button(page, 'ticket').getAttribute('aria-busy'), 'false');
  await page.evaluate(() => { document.querySelector('pruning-playground').configure({ dataset: 'mnist' }); });
  const back = await tryIt(page, 'why');
  assert.deepEqual([back.settings.dataset, back.sparsity.requested], ['digits', 0.3]);
  assert.ok(back.points.some(({ kind }) => kind === 'pruned'), 'earlier states are there');
  assert.deepEqual(faults, []);
  await page.close();
});

test('Stop ends a try-it at rest, and whoever takes over is left alone', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await button(page, 'ticket').click();
  await untilSnapshot(page, (now) => now.recipe !== null && now.step > 0);
  assert.equal(await state(page).textContent(), 'Following the recipe…');
  await page.getByTestId('try-stop').click();
  await untilSnapshot(page, (now) => now.recipe === null && now.activity === 'idle');
  assert.equal(await state(page).textContent(), 'Stopped.');
  await page.getByTestId('try-back').click();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-try')), 'ticket');
  await state(page).waitFor({ state: 'hidden' });

  await widget.part('reset').click();
  await button(page, 'why').click();
  await untilSnapshot(page, (now) => now.activity === 'training');
  await widget.part('run').click();
  await untilSnapshot(page, (now) => now.activity === 'idle');
  assert.equal(await page.locator('.try-state:visible', { hasText: 'You took over.' }).count(), 1);
  assert.equal(await state(page).isVisible(), false);
  assert.equal((await snapshot(page)).sparsity.requested, 0);
  assert.deepEqual(faults, []);
  await page.close();
});

test('links in the text go to their places and leave the settings in the address', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#seed=7' });
  const address = page.url();
  await page.locator('.contents:visible a[href="#cut"]').click();
  const top = async () => (await page.locator('#cut').boundingBox())?.y ?? NaN;
  assert.ok(Math.abs(await top()) < 2, `${await top()}`);
  assert.equal(page.url(), address);
  await page.goBack();
  assert.equal((await snapshot(page)).settings.seed, 7);
  await page.goto(new URL('?backend=cpu&again#retrain', SITE).href);
  assert.ok(await page.evaluate(() => scrollY > 0), 'the page opens at the place');
  // It starts when it is seen.
  await widget.root.scrollIntoViewIfNeeded();
  await widget.untilReady();
  assert.equal(await widget.part('notices').locator('.notice').count(), 0, 'the name of a place is no setting');
  assert.deepEqual(faults, []);
  await page.close();
});

test('the widget fills the first screen, and the text begins right below it, in both languages', async () => {
  for (const [lang, heading] of [['en', 'Pruning a neural network'], ['zh-CN', '神经网络剪枝']]) {
    const { page, widget, faults } = await open(browser, { path: `?backend=cpu#lang=${lang}` });
    const { y, height } = await widget.root.boundingBox();
    assert.ok(y === 0 && height <= 720 && height > 700, `${y}, ${height}`);
    assert.ok(((await page.locator('.below').boundingBox())?.y ?? 720) < 720, 'an edge of it is seen');
    assert.deepEqual(await page.locator('h1:visible').allTextContents().then((all) => all.filter((text) => text === heading)), [heading]);
    assert.equal(await page.locator('article:visible').count(), 1);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.waitForFunction(() => document.documentElement.scrollWidth === 360);
    const cutOff = await page.locator('.formula:visible').evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent));
    assert.deepEqual(cutOff, [], 'every formula is seen whole');
    for (const each of await page.locator('button.try:visible').all()) assert.ok((await each.boundingBox()).height >= 44);
    assert.deepEqual(faults, []);
    await page.close();
  }
});

test('without scripts the text is there in both languages, without buttons that do nothing', async () => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(SITE);
  for (const words of ['Gradient is not saliency.', '梯度不是显著性。', 'Optimal Brain Damage']) await page.getByText(words).waitFor();
  assert.equal(await page.locator('button:visible').count(), 0);
  assert.equal(await page.locator('pruning-playground').isVisible(), false);
  assert.ok((await page.locator('#article').boundingBox()).y < 200, 'it begins at the top');
  await page.close();
});
