// What can go wrong, really provoked: the page says what happened and what to do, does it at a press, and loses no state.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';
import { replaceVersion, serveCopy, versionOf } from './site.mjs';
import { withLittleMemory } from './wasm-memory.mjs';

const BUNDLE = '**/pkg/cpu/playground_bg.wasm';
/** What the browser itself logs of a request that does not come through. */
const failedRequest = (fault) => /Failed to load resource/u.test(fault);

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/**
 * Waits for the card in the place of the network, and gives its words.
 * @param {import('./browser.mjs').Widget} widget
 * @param {string} kind
 */
async function trouble(widget, kind) {
  await widget.until((root, wanted) => {
    const card = root.querySelector('[data-testid="trouble"]');
    return card?.hidden === false && card.dataset.key === wanted;
  }, kind, 60_000);
  assert.equal(await widget.part('trouble').getAttribute('role'), 'alert');
  return widget.part('trouble').textContent();
}

/** @param {import('./browser.mjs').Widget} widget */
function remedy(widget, id) {
  return widget.root.locator(`[data-remedy="${id}"]`);
}

/** @param {import('./browser.mjs').Widget} widget */
async function killWorker(widget) {
  const [worker] = widget.page.workers();
  const gone = worker.waitForEvent('close');
  await worker.evaluate(() => self.close());
  await gone;
}

test('while the trainer loads, its bytes are counted', async () => {
  const { page, widget, faults } = await open(browser, { ready: false });
  /** @type {() => void} */
  let release = () => {};
  const held = new Promise((resolve) => { release = resolve; });
  await page.route(BUNDLE, async (route) => {
    await held;
    await route.continue();
  });
  await page.reload();
  // It has its words a frame after it is there; the trainer is held back all the while.
  await widget.until((root) => /Loading/u.test(root.querySelector('[data-testid="progress"]')?.textContent ?? ''));
  assert.equal(await widget.part('run').isDisabled(), true);
  // So slow that there is time for a frame, however busy the machine is.
  const network = await page.context().newCDPSession(page);
  const slow = (/** @type {number} */ downloadThroughput) => network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput, uploadThroughput: -1 });
  await network.send('Network.enable');
  await slow(20_000);
  release();
  await page.waitForFunction(() => /\d.*B of 1\.\d MB/u.test(document.querySelector('pruning-playground').shadowRoot.querySelector('[data-testid="progress"]').textContent));
  await slow(-1);
  await widget.untilReady();
  assert.deepEqual(faults, []);
  await page.close();
});

test('a trainer that can not be loaded is said so, and can be tried again', async () => {
  const { page, widget, faults } = await open(browser, { ready: false });
  await page.route(BUNDLE, (route) => route.abort());
  await page.reload();
  assert.match(await trouble(widget, 'load-failed'), /could not be loaded.*Check the connection/u);
  await page.unroute(BUNDLE);
  await remedy(widget, 'retry').click();
  await widget.untilReady();
  assert.equal(await widget.part('trouble').isHidden(), true);
  assert.deepEqual(faults.filter((fault) => !failedRequest(fault)), []);
  await page.close();
});

test('a worker whose script is missing is said so', async () => {
  const { page, widget, faults } = await open(browser, { ready: false });
  await page.route('**/worker.js', (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await trouble(widget, 'load-failed');
  assert.deepEqual(faults.filter((fault) => !failedRequest(fault)), []);
  await page.close();
});

test('a browser without WebAssembly is told which ones have it', async () => {
  const { page, widget, faults } = await open(browser, { ready: false });
  await page.addInitScript(() => { delete globalThis.WebAssembly; });
  await page.reload();
  assert.match(await trouble(widget, 'unsupported'), /lacks WebAssembly.*Firefox 128/u);
  assert.equal(page.workers().length, 0);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a browser without popovers is told so, and no frame throws', async () => {
  const { page, widget, faults } = await open(browser, { ready: false });
  await page.addInitScript(() => {
    for (const name of ['popover', 'showPopover', 'hidePopover', 'togglePopover']) delete HTMLElement.prototype[name];
  });
  await page.reload();
  assert.match(await trouble(widget, 'unsupported'), /lacks Popover API.*Safari 17/u);
  await widget.part('language').click();
  await widget.until((root) => root.querySelector('.app:not([hidden])')?.getAttribute('lang') === 'zh-CN');
  assert.deepEqual(faults, []);
  await page.close();
});

test('words that can not be loaded are asked for again at a press, and when the browser is online', async () => {
  for (const how of ['press', 'online']) {
    const { page, widget, faults } = await open(browser, { ready: false });
    await page.route('**/words-en*', (route) => route.abort());
    await page.reload();
    const retry = widget.part('words-retry');
    await retry.waitFor();
    assert.match(await widget.root.locator('.lost').textContent(), /could not be loaded/u);
    await page.unroute('**/words-en*');
    if (how === 'press') await retry.click();
    else await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await widget.untilReady();
    assert.equal(await retry.count(), 0);
    assert.deepEqual(faults.filter((fault) => !failedRequest(fault) && !/dynamically imported/u.test(fault)), []);
    await page.close();
  }
});

test('a page whose version has been replaced offers to be reloaded, and the last network after that', async () => {
  const site = await serveCopy();
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-US', serviceWorkers: 'block' });
  const { page, widget } = await open(browser, { site: site.url, path: '?backend=cpu', context });
  await widget.run();
  await widget.untilAtLeast('step-count', 20);
  await widget.pause();
  await widget.untilMeasured();
  // What a cache still has is of no help to a page that has been open for longer.
  await page.route(`**/v/${await versionOf(site.folder)}/**`, (route) => route.fulfill({ status: 404 }));
  await replaceVersion(site.folder, '0123456789abcdef');
  await killWorker(widget);
  assert.match(await trouble(widget, 'outdated'), /newer version/u);
  await Promise.all([page.waitForEvent('load'), remedy(widget, 'reload').click()]);
  await widget.untilReady();
  assert.equal(await page.evaluate(() => globalThis.siteVersion), '0123456789abcdef');
  await widget.part('offer').waitFor();
  await context.close();
  await site.close();
});

test('WebGPU that was asked for and is not there leads to the CPU, with the reason and a way to keep to it', async () => {
  const { page, widget, faults } = await open(browser, { path: '#backend=webgpu' });
  assert.equal(await widget.part('backend').getAttribute('data-value'), 'cpu');
  assert.match(await widget.part('notices').textContent(), /WebGPU was asked for.*the CPU is used/u);
  await remedy(widget, 'use-cpu').click();
  await widget.until((root) => root.querySelector('[data-testid="setting-backend"]')?.value === 'cpu' && root.querySelector('[data-key="webgpu-refused"]') === null);
  await widget.untilReady();
  assert.match(page.url(), /backend=cpu/u);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a trainer that keeps stopping is left alone until asked, and goes on from the last state', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.run();
  await widget.untilAtLeast('step-count', 50);
  await widget.pause();
  const [step, accuracy] = [await widget.value('step-count'), await widget.value('accuracy')];
  for (let death = 1; death <= 3; death += 1) {
    const next = page.waitForEvent('worker');
    await killWorker(widget);
    await next;
    await widget.drawn();
    await widget.untilReady();
  }
  await killWorker(widget);
  assert.match(await trouble(widget, 'worker-dead'), /keeps stopping.*states are kept/u);
  assert.ok((await widget.states('dense')).some((state) => state.step === step));
  await remedy(widget, 'restart').click();
  await widget.untilReady();
  assert.equal(await widget.value('step-count'), step);
  assert.equal(await widget.value('accuracy'), accuracy);
  assert.deepEqual(faults, []);
  await page.close();
});

test('the loss of the network keeps the states, and another language keeps its looks', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  // A language's words are loaded when it is chosen first, and stay.
  for (const lang of ['zh-CN', 'en']) {
    await widget.part('language').click();
    await widget.until((root, wanted) => root.querySelector('.app:not([hidden])')?.getAttribute('lang') === wanted, lang);
  }
  await page.context().setOffline(true);
  await killWorker(widget);
  assert.match(await trouble(widget, 'load-failed'), /states are kept/u);
  await widget.part('language').click();
  await widget.until((root) => root.querySelector('[data-testid="trouble"] h3')?.textContent === '无法加载训练程序');
  assert.equal(await widget.part('run').evaluate((run) => getComputedStyle(run).borderRadius), '50%');
  await page.context().setOffline(false);
  await remedy(widget, 'retry').or(remedy(widget, 'restart')).click();
  await widget.untilReady();
  assert.deepEqual(faults.filter((fault) => !failedRequest(fault)), []);
  await page.close();
});

test('where the words of the other language can not be loaded, the page says so and stays as it is', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await page.context().setOffline(true);
  await widget.part('language').click();
  await widget.part('notices').locator('[data-key="words-lost"]').waitFor();
  assert.equal(await widget.root.evaluate(({ shadowRoot }) => shadowRoot.querySelector('.app').getAttribute('lang')), 'en');
  await widget.part('step').click();
  await widget.untilAtLeast('step-count', 1);
  await page.close();
  assert.ok(faults.length > 0, 'what could not be loaded is in the console too');
});

test('memory that runs out is told apart from other ends, and a smaller network trains', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#dataset=digits&widths=256,256', ready: false });
  await page.route(BUNDLE, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: withLittleMemory(await response.body(), 60) });
  });
  await page.reload();
  assert.match(await trouble(widget, 'out-of-memory'), /Out of memory.*smaller/u);
  await remedy(widget, 'smaller-network').click();
  await widget.untilReady();
  await widget.part('step').click();
  await widget.untilAtLeast('step-count', 1);
  assert.match(page.url(), /widths=8,16/u);
  assert.deepEqual(faults, []);
  await page.close();
});

test('files that are no images are named, and others are awaited', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#dataset=mnist', ready: false });
  await widget.until((root) => root.querySelector('[data-testid="awaiting-files"]')?.hidden === false);
  await widget.part('file-input').setInputFiles({ name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not an image set') });
  await widget.until((root) => root.querySelector('[data-testid="notices"]')?.textContent?.includes('holiday.jpg') === true);
  await widget.until((root) => root.querySelector('[data-testid="awaiting-files"]')?.hidden === false);
  assert.match(await widget.part('progress').textContent(), /MNIST comes from files/u);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), remedy(widget, 'choose-files').click()]);
  assert.equal(chooser.isMultiple(), true);
  assert.deepEqual(faults, []);
  await page.close();
});

test('when the core says that training has diverged, the states stay and a tenth of the learning rate is one press away', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#learning-rate=1' });
  // Adam's bounded steps make a loss that is no number rare: what the core says of one is said here for it.
  await page.workers()[0].evaluate(() => self.postMessage({
    kind: 'messages', memory: 1, messages: [{ runId: 1, revision: 0, event: { type: 'error', code: 'diverged', message: 'the loss is NaN after step 1.' }, bulk: {} }],
  }));
  await widget.until((root) => root.querySelector('[data-key="error-diverged"]') !== null);
  assert.ok((await widget.states('dense')).length > 0);
  await remedy(widget, 'slower').click();
  await widget.until((root) => root.querySelector('[data-testid="step-count"]')?.getAttribute('data-value') === '0');
  assert.match(page.url(), /learning-rate=0\.1&/u);
  await widget.untilReady();
  await widget.part('step').click();
  await widget.untilAtLeast('step-count', 1);
  assert.deepEqual(faults, []);
  await page.close();
});

test('the theme that was chosen wins over the system’s, in the charts and around the widget too, and survives a reload', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await page.emulateMedia({ colorScheme: 'light' });
  const looks = () => widget.root.evaluate(({ shadowRoot }) => {
    const app = shadowRoot.querySelector('.app');
    const picture = shadowRoot.querySelector('[data-testid="curve"] canvas');
    const pixels = picture.getContext('2d').getImageData(0, 0, picture.width, picture.height).data;
    let light = 0;
    let drawn = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      if (pixels[i + 3] > 200) { drawn += 1; light += pixels[i] + pixels[i + 1] + pixels[i + 2]; }
    }
    return { ground: getComputedStyle(app).backgroundColor, page: getComputedStyle(document.body).backgroundColor, chart: light / drawn / 3 };
  });
  await widget.drawn();
  const light = await looks();
  assert.deepEqual([light.ground, light.page], ['rgb(247, 247, 245)', 'rgb(247, 247, 245)']);
  await widget.part('settings').click();
  await widget.part('setting-theme').selectOption('dark');
  await widget.drawn();
  const dark = await looks();
  assert.deepEqual([dark.ground, dark.page], ['rgb(20, 23, 28)', 'rgb(20, 23, 28)']);
  assert.notEqual(dark.chart, light.chart);
  await page.reload();
  await widget.untilReady();
  assert.equal((await looks()).ground, dark.ground);
  await widget.part('settings').click();
  await widget.part('setting-theme').selectOption('auto');
  await widget.drawn();
  assert.deepEqual([(await looks()).ground, (await looks()).page], [light.ground, light.page]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await widget.drawn();
  assert.deepEqual([(await looks()).ground, (await looks()).page], [dark.ground, dark.page]);
  assert.deepEqual(faults, []);
  await page.close();
});
