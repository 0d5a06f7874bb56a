// How a person and the page meet: what it does by itself, and what it leaves alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';
import { records, visitor } from './visits.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const CPU = '?backend=cpu';
const invited = (root) => root.querySelector('[data-testid="invitation"]')?.textContent !== '';

test('a first visitor sees a network train by itself, rest in a state, and the slider to drag; nothing is kept of it', async () => {
  const { page, widget, faults } = await open(browser, { path: CPU, autoplay: true });
  await widget.until(invited);
  const step = await widget.value('step-count');
  assert.ok(step > 0);
  assert.equal(await widget.busy(), false);
  assert.equal((await widget.states('dense')).at(0).step, step);
  await widget.slideTo(30);
  await widget.until((root) => root.querySelector('[data-testid="invitation"]')?.textContent === '');
  assert.equal(await widget.value('step-count'), step);
  assert.deepEqual(await records(page), []);
  assert.deepEqual(faults, []);
  await page.close();
});

test('what a person does ends it at once, for good: Pause pauses, Step takes one step more', async () => {
  for (const act of ['run', 'step']) {
    const { page, widget, faults } = await open(browser, { path: CPU, autoplay: true, ready: false });
    await widget.untilAtLeast('step-count', 1);
    await widget.part(act).click();
    await widget.untilIdle();
    await widget.untilMeasured();
    const [newest, before] = await widget.states('dense');
    const step = await widget.value('step-count');
    if (act === 'step') assert.equal(step, newest.step + 1);
    else assert.deepEqual([newest.step, before.step], [step, 0]);
    assert.equal(await widget.part('invitation').textContent(), '');
    assert.deepEqual(faults, []);
    await page.close();
  }
});

test('nothing moves by itself with reduced motion, or when switched off, or from a link with settings of its own', async () => {
  for (const [options, path] of [[{ reducedMotion: 'reduce' }, CPU], [{}, `${CPU}#autoplay=off`], [{}, `${CPU}#seed=5`]]) {
    const context = await visitor(browser, options);
    const { widget, faults } = await open(browser, { path, autoplay: true, context });
    await widget.untilMeasured();
    assert.equal(await widget.busy(), false);
    assert.equal(await widget.value('step-count'), 0);
    assert.deepEqual(faults, []);
    await context.close();
  }
});

test('before it is seen a widget starts no worker, unless it is asked to; out of sight training waits', async () => {
  const context = await visitor(browser);
  const { page, widget, faults } = await open(browser, { path: CPU, context });
  await widget.run();
  await page.evaluate(() => {
    const article = document.createElement('p');
    article.style.blockSize = '3000px';
    const second = document.createElement('pruning-playground');
    second.setAttribute('backend', 'cpu');
    second.setAttribute('autoplay', 'off');
    document.body.append(article, second);
  });
  await widget.untilAtLeast('step-count', 5);
  assert.equal(page.workers().length, 1);

  await page.evaluate(() => scrollTo(0, 1500));
  const standsStill = async () => {
    const [one, , three] = [await widget.value('step-count'), await page.waitForTimeout(400), await widget.value('step-count')];
    return one === three;
  };
  const until = Date.now() + 30_000;
  while (!(await standsStill())) assert.ok(Date.now() < until, 'it trains on, unseen');
  const step = await widget.value('step-count');
  const states = (await widget.states('dense')).length;
  assert.equal(await widget.busy(), true);
  await page.evaluate(() => scrollTo(0, 0));
  await widget.untilAtLeast('step-count', step + 5);
  assert.equal((await widget.states('dense')).length, states);

  const started = page.waitForEvent('worker');
  await page.evaluate(() => document.querySelectorAll('pruning-playground')[1].step());
  await started;
  assert.deepEqual(faults, []);
  await context.close();
});

test('out of sight what ends by itself goes on to its end', async () => {
  const { page, widget, faults } = await open(browser, { path: `${CPU}#fine-tune-steps=2000` });
  await widget.slideTo(50);
  await widget.press('prune', 'pruned');
  await widget.part('fine-tune').click();
  await page.evaluate(() => {
    const article = document.createElement('p');
    article.style.blockSize = '3000px';
    document.body.append(article);
    scrollTo(0, 1500);
  });
  await widget.until((root) => root.querySelector('[data-testid="states"] [data-kind="fine-tuned"]') !== null, undefined, 120_000);
  assert.equal((await widget.states('fine-tuned'))[0].step, 2000);
  assert.ok(await page.evaluate(() => scrollY > 1000));
  assert.deepEqual(faults, []);
  await page.close();
});

test('nothing on the page moves when the network arrives, in one screen or in one column', async () => {
  for (const viewport of [{ width: 1280, height: 720 }, { width: 360, height: 740 }]) {
    const context = await visitor(browser, { viewport });
    await context.addInitScript(() => {
      window.moved = [];
      const of = ({ node }) => node?.closest?.('[class]')?.className ?? node?.parentElement?.className ?? null;
      new PerformanceObserver((list) => { for (const { value, sources } of list.getEntries()) window.moved.push({ value, of: sources.map(of) }); }).observe({ type: 'layout-shift' });
    });
    const { page, widget, faults } = await open(browser, { path: CPU, context });
    await widget.untilMeasured();
    const moved = await page.evaluate(() => window.moved);
    assert.ok(moved.reduce((sum, { value }) => sum + value, 0) < 0.02, `${viewport.width}: ${JSON.stringify(moved)}`);
    assert.deepEqual(faults, []);
    await context.close();
  }
});

test('who paused the training finds it paused after looking elsewhere', async () => {
  const { page, widget, faults } = await open(browser, { path: CPU });
  await widget.run();
  await widget.untilAtLeast('step-count', 5);
  await widget.pause();
  const step = await widget.value('step-count');
  await page.evaluate(() => {
    const article = document.createElement('p');
    article.style.blockSize = '3000px';
    document.body.append(article);
    scrollTo(0, 1500);
  });
  await widget.drawn();
  await page.evaluate(() => scrollTo(0, 0));
  await widget.slideTo(20);
  assert.equal(await widget.busy(), false);
  assert.equal(await widget.value('step-count'), step);
  assert.deepEqual(faults, []);
  await page.close();
});
