// Which backend runs, and that the page says why. On a machine without a GPU, WebGPU runs on SwiftShader.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SWIFTSHADER, launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch({ args: SWIFTSHADER }); });
after(() => browser.close());

test('auto takes the CPU rather than a software adapter, and says why', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=auto' });
  assert.equal(await widget.part('backend').getAttribute('data-value'), 'cpu');
  // The CPU does not wait for what is found out of the GPU.
  await widget.until((root) => root.querySelector('[data-testid="backend-chip"]')?.getAttribute('data-reason') === 'software');
  assert.match(await widget.part('backend-reason').textContent(), /software adapter/u);
  assert.deepEqual(faults, []);
  await page.close();
});

test('WebGPU trains a step on SwiftShader and is named a software adapter; when the GPU is lost, the page restores its state', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=webgpu', ready: false });
  await widget.untilReady(280_000);
  assert.equal(await widget.part('backend').getAttribute('data-value'), 'webgpu');
  assert.match(await widget.part('backend').textContent(), /software/u);
  assert.match(await widget.part('notices').textContent(), /software adapter here, which is much slower/u);
  await widget.part('step').click();
  await widget.untilAtLeast('step-count', 1, 120_000);
  assert.ok(await widget.value('loss') > 0);
  // The GPU process ends: the page says so, and goes on from its last state.
  const devtools = await browser.newBrowserCDPSession();
  await devtools.send('Browser.crashGpuProcess').catch(() => {});
  await widget.until((root) => root.querySelector('[data-key="device-lost"]') !== null, undefined, 120_000);
  await widget.until((root) => root.querySelector('[data-key="worker-restored"]') !== null, undefined, 280_000);
  const state = widget.part('states').locator('[aria-current="true"]');
  assert.equal(await widget.value('step-count'), Number(await state.getAttribute('data-step')));
  assert.deepEqual(faults, []);
  await page.close();
});

/** Notes in a worker what is compiled for its GPU, and how much of the curve is left to measure. */
function watchKernels() {
  const { prototype } = globalThis.GPUDevice;
  globalThis.kernels = [];
  for (const name of ['createComputePipeline', 'createComputePipelineAsync']) {
    const create = prototype[name];
    prototype[name] = function noted(descriptor) {
      globalThis.kernels.push(descriptor.label);
      return create.call(this, descriptor);
    };
  }
  const post = globalThis.postMessage.bind(globalThis);
  globalThis.postMessage = (message, options) => {
    for (const { event } of message.messages ?? []) if (event.type === 'curve') globalThis.curveLeft = event.remaining;
    post(message, options);
  };
}

test('on WebGPU nothing is left to compile when Run is pressed, whatever the filters', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=webgpu#widths=7,13', ready: false });
  const worker = page.workers()[0] ?? await page.waitForEvent('worker');
  await worker.evaluate(watchKernels);
  await widget.untilReady(280_000);
  const looksAt = (expression) => worker.evaluate(expression);
  for (let i = 0; i < 600 && await looksAt('globalThis.curveLeft') !== 0; i += 1) await page.waitForTimeout(100);
  const before = await looksAt('globalThis.kernels');
  assert.ok(before.some((label) => label.startsWith('adam')), 'all are seen');
  await widget.run();
  await widget.untilAtLeast('step-count', 20, 120_000);
  await widget.pause();
  assert.deepEqual((await looksAt('globalThis.kernels')).slice(before.length), []);
  assert.deepEqual(faults, []);
  await page.close();
});

test('the switch changes the backend and keeps the weights', async () => {
  const { page, widget } = await open(browser, { path: '?backend=cpu' });
  await widget.run();
  await widget.untilAtLeast('step-count', 20);
  await widget.pause();
  const [accuracy, step] = [await widget.value('accuracy'), await widget.value('step-count')];
  await widget.part('backend-chip').click();
  await widget.part('setting-backend').selectOption('auto');
  await widget.until((root) => root.querySelector('[data-testid="backend-chip"]')?.getAttribute('data-reason') === 'software');
  await widget.until((root, expected) => root.querySelector('[data-testid="step-count"]')?.getAttribute('data-value') === expected, String(step));
  await widget.untilReady();
  assert.equal(await widget.value('accuracy'), accuracy);
  assert.ok(new URL(page.url()).hash.includes('backend=auto'));
  assert.equal(new URL(page.url()).searchParams.get('backend'), null);
  await page.close();
});
