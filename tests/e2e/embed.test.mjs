// The playground in pages of another origin: the element, its API, and the iframe.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SITE, Widget, launch, open } from './browser.mjs';
import { pageOf, secondOrigin } from './second-origin.mjs';

const PAGES = {
  'one.html': pageOf('<h1>A lesson</h1><pruning-playground backend="cpu" seed="4" autoplay="off"></pruning-playground><p>After it</p>'),
  'pair.html': pageOf('<pruning-playground backend="cpu" seed="1" autoplay="off"></pruning-playground><pruning-playground backend="cpu" seed="2" autoplay="off"></pruning-playground>'),
  'frame.html': pageOf(`<iframe data-pruning-playground title="Playground" width="1200" src="${SITE}embed.html#backend=cpu&amp;seed=6"></iframe><p>After it</p>`, 'www/embed-height.js'),
};

let browser;
let second;
before(async () => {
  browser = await launch();
  second = await secondOrigin(PAGES);
});
after(async () => {
  await browser.close();
  second.close();
});

/** @param {string} path */
async function embedded(path, { ready = true } = {}) {
  const opened = await open(browser, { site: second.site, embeds: [SITE], path, ready, autoplay: true });
  const element = opened.page.locator('pruning-playground').first();
  return { ...opened, element };
}

test('an element of another origin trains and prunes under the policy that the documentation gives', async () => {
  const { page, element, widget, faults } = await embedded('one.html');
  const figures = await element.evaluate(async (playground) => {
    await playground.ready;
    const { step } = await playground.step();
    await playground.setSparsity(0.5);
    const pruned = await playground.prune();
    return { step, held: pruned.sparsity.held, kept: pruned.weights.kept, seed: playground.seed };
  });
  assert.deepEqual(figures, { step: 1, held: 0.5, kept: 932, seed: 4 });
  await widget.drawn();
  assert.equal(await widget.value('kept'), 932);
  const { height } = await element.boundingBox();
  assert.ok(height >= 720, `${height} px high without a height of its own`);
  assert.equal(new URL(page.url()).hash, '');
  assert.deepEqual(faults, []);
  await page.close();
});

test('attributes and properties change settings, and a wrong one is told', async () => {
  const { page, element, widget, faults } = await embedded('one.html');
  const settings = await element.evaluate(async (playground) => {
    const codes = [];
    playground.addEventListener('error', ({ detail }) => codes.push(detail.code));
    playground.setAttribute('seed', '9');
    playground.setAttribute('learning-rate', '0.01');
    playground.widths = [4, 8];
    await playground.configure({});
    const changed = playground.snapshot();
    playground.removeAttribute('learning-rate');
    playground.setAttribute('seed', 'nine');
    playground.dataset = 'shapes';
    const thrown = (() => {
      try {
        playground.configure({ noise: 2 });
      } catch (error) {
        return error.name;
      }
      return null;
    })();
    await playground.configure({});
    const inherited = Object.getPrototypeOf(Object.getPrototypeOf(playground));
    const hidden = Object.keys(playground.settings).filter((name) => name !== 'dataset' && name !== 'lang' && name in inherited);
    const { seed, 'learning-rate': rate, noise, dataset } = playground.settings;
    return { first: [changed.settings.seed, changed.settings['learning-rate'], changed.layers[0].weights.total], then: [seed, rate, noise, dataset], codes, thrown, hidden };
  });
  assert.deepEqual(settings, {
    first: [9, 0.01, 36], then: [1, 0.001, 0.3, 'shapes'], codes: ['setting-rejected'], thrown: 'RangeError', hidden: [],
  });
  await widget.drawn();
  assert.equal(await widget.part('setting-dataset').inputValue(), 'shapes');
  await page.evaluate(() => { document.querySelector('pruning-playground').lang = 'zh-CN'; });
  await widget.until((root) => root.querySelector('.app')?.getAttribute('lang') === 'zh-CN');
  assert.deepEqual(faults, []);
  await page.close();
});

test('events tell what happens, metrics at most about ten a second', async () => {
  const { page, element, faults } = await embedded('one.html', { ready: false });
  const heard = await element.evaluate(async (playground) => {
    // It may be ready already: added again it begins anew.
    const place = playground.parentElement;
    playground.remove();
    await new Promise((resolve) => { setTimeout(resolve); });
    const events = [];
    for (const type of ['ready', 'metrics', 'pruned', 'error']) {
      document.addEventListener(type, ({ detail, bubbles, composed }) => events.push({ type, detail, at: performance.now(), open: bubbles && composed }));
    }
    place.append(playground);
    await playground.ready;
    await playground.run();
    const start = performance.now();
    while (events.filter(({ type }) => type === 'metrics').length < 8) await new Promise((resolve) => { setTimeout(resolve, 20); });
    const seconds = (performance.now() - start) / 1000;
    await playground.pause();
    await playground.setSparsity(0.8);
    const { accuracy } = await playground.prune();
    const pruned = events.filter(({ type }) => type === 'pruned');
    return {
      types: [...new Set(events.map(({ type }) => type))], open: events.every((each) => each.open),
      ready: events.filter(({ type }) => type === 'ready').map(({ detail }) => detail), seconds,
      last: events.findLast(({ type }) => type === 'metrics').detail, pruned: pruned.map(({ detail }) => [detail.kept, detail.total, detail.accuracy]), accuracy: accuracy.value,
    };
  });
  assert.deepEqual(heard.types.toSorted(), ['metrics', 'pruned', 'ready']);
  assert.deepEqual(heard.ready, [{ backend: 'cpu', dataset: 'digits' }]);
  assert.ok(heard.open && heard.seconds > 0.5, `eight events in ${heard.seconds} s`);
  assert.ok(heard.last.step > 0 && heard.last.loss > 0 && heard.last.accuracy >= 0);
  assert.deepEqual(heard.pruned, [[373, 1864, heard.accuracy]]);
  assert.deepEqual(faults, []);
  await page.close();
});

test('two on one page have networks and workers of their own, and keys go to the one that has the focus', async () => {
  const { page, faults } = await embedded('pair.html');
  const [first, other] = [0, 1].map((i) => new Widget(page, page.locator('pruning-playground').nth(i)));
  await other.root.scrollIntoViewIfNeeded();
  await other.untilReady();
  assert.equal(page.workers().length, 2);
  await first.part('slider').focus();
  await page.keyboard.press('.');
  await first.untilAtLeast('step-count', 1);
  await first.run();
  await first.untilAtLeast('step-count', 50);
  await other.part('slider').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await other.untilMeasured();
  assert.equal(await other.value('step-count'), 0);
  assert.equal(await other.value('requested'), 0.05);
  assert.equal(await first.value('requested'), 0);
  assert.equal(await other.busy(), false);
  assert.equal(await first.busy(), true);
  const both = await page.evaluate(() => [...document.querySelectorAll('pruning-playground')].map(({ seed }) => seed));
  assert.deepEqual(both, [1, 2]);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a moved element goes on; removal ends its worker, and added again it has its settings', async () => {
  const { page, element, widget, faults } = await embedded('one.html');
  const moved = await element.evaluate(async (playground) => {
    playground.noise = 0.5;
    await playground.configure({ criterion: 'gradient' });
    await playground.step();
    document.body.append(playground);
    await new Promise((resolve) => { setTimeout(resolve, 0); });
    const { step } = playground.snapshot();
    const waiting = playground.fineTune();
    window.removed = playground;
    playground.remove();
    return { step, reason: await waiting.catch(({ name }) => name) };
  });
  assert.deepEqual(moved, { step: 1, reason: 'AbortError' });
  while (page.workers().length > 0) await page.waitForTimeout(50);
  await page.evaluate(() => {
    window.removed.seed = 8;
    document.body.append(window.removed);
  });
  await widget.untilReady();
  const again = await element.evaluate((playground) => [playground.snapshot().step, playground.seed, playground.noise, playground.criterion]);
  assert.deepEqual(again, [0, 8, 0.5, 'gradient']);
  assert.equal(page.workers().length, 1);
  assert.deepEqual(faults, []);
  await page.close();
});

test('an iframe takes the height of the widget, growing and shrinking, and stands still in between', async () => {
  const { page, faults } = await embedded('frame.html', { ready: false });
  const frame = page.locator('iframe');
  const content = frame.contentFrame().locator('pruning-playground');
  await content.getByTestId('slider').waitFor();
  const settled = (wanted) => page.waitForFunction(({ from, to }) => {
    const { clientHeight } = document.querySelector('iframe');
    return clientHeight >= from && clientHeight <= to;
  }, wanted, { timeout: 60_000 });
  const width = (pixels) => frame.evaluate((element, to) => { element.width = to; }, pixels);
  await settled({ from: 720, to: 720 });
  await page.evaluate(() => {
    window.heights = [];
    const frame = document.querySelector('iframe');
    new ResizeObserver(() => window.heights.push(frame.style.height)).observe(frame);
  });
  await width(700);
  await settled({ from: 1000, to: 6000 });
  const narrow = await content.evaluate((element) => [element.ownerDocument.defaultView.innerWidth, element.ownerDocument.documentElement.scrollWidth]);
  assert.deepEqual(narrow, [700, 700], 'nothing sticks out at 700 px');
  await width(1200);
  await settled({ from: 720, to: 720 });
  await page.evaluate(() => { window.heights.length = 0; });
  await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 500); }));
  assert.deepEqual(await page.evaluate(() => window.heights), []);
  assert.equal(await content.evaluate((element) => element.seed), 6);
  assert.deepEqual(faults, []);
  await page.close();
});

for (const [name, locate] of [['element.html', 'pruning-playground'], ['iframe.html', 'iframe'], ['two.html', 'pruning-playground'], ['script.html', 'pruning-playground']]) {
  test(`the example ${name} works as it stands in the documentation`, async () => {
    const { page, faults } = await embedded(name, { ready: false });
    const root = locate === 'iframe' ? page.locator(locate).contentFrame() : page;
    await root.locator('pruning-playground').first().evaluate((playground) => playground.ready);
    if (name === 'script.html') {
      await page.getByRole('button', { name: 'Start' }).and(page.locator(':enabled')).click();
      await page.locator('#results li').nth(6).waitFor({ timeout: 60_000 });
      assert.match(await page.locator('#results').innerText(), /90\.\d% pruned, 186 weights kept/u);
    }
    assert.deepEqual(faults, []);
    await page.close();
  });
}
