// WebGPU takes a running session over. On a machine without a GPU it runs on SwiftShader, and the page is told that this is a fast GPU.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SWIFTSHADER, launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch({ args: SWIFTSHADER }); });
after(() => browser.close());

const LOADING = 280_000;

/**
 * The page hears of its workers that the software adapter is hardware, and a hundred times as fast as it is; what it does within a time, it
 * has longer for. Nothing of that is known to the page.
 */
async function pretendSpeed(context) {
  await context.addInitScript(() => {
    const wait = window.setTimeout;
    window.setTimeout = (act, milliseconds, ...rest) => wait(act, milliseconds === 10_000 ? 120_000 : milliseconds, ...rest);
    window.Worker = class extends Worker {
      constructor(...how) {
        super(...how);
        let gpu = false;
        // Heard before the page hears it, which is given the same object.
        this.addEventListener('message', ({ data }) => {
          if (data.kind === 'gpu') data.facts.software = false;
          if (data.kind === 'backend') gpu = data.backend === 'webgpu';
          if (data.kind !== 'messages' || !gpu) return;
          for (const { event } of data.messages) if (event.type === 'trained') event.imagesPerSecond *= 100;
        });
      }
    };
  });
}

/** Opens the page where a GPU is to be found. */
async function openWithGpu() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-US', serviceWorkers: 'block' });
  await pretendSpeed(context);
  return open(browser, { context });
}

/** Notes every step count that the page shows, with the backend that runs. */
function watch(page) {
  return page.evaluate(() => {
    const root = document.querySelector('pruning-playground').shadowRoot;
    const counter = root.querySelector('[data-testid="step-count"]');
    window.steps = [];
    const note = () => {
      const backend = root.querySelector('[data-testid="backend"]').getAttribute('data-value');
      window.steps.push([backend, Number(counter.getAttribute('data-value'))]);
    };
    new MutationObserver(note).observe(counter, { attributes: true });
  });
}

const untilBackend = (widget, name) => widget.until((root, expected) => root.querySelector('[data-testid="backend"]')?.getAttribute('data-value') === expected, name, LOADING);

/** Everything of the masks, kernels and states that the page shows. */
async function pictured(widget) {
  const kept = widget.part('kept');
  return {
    step: await widget.value('step-count'),
    kept: [await kept.getAttribute('data-value'), await kept.getAttribute('data-total')],
    states: await widget.part('states').locator('button').evaluateAll((buttons) => buttons.map(({ dataset: { id, step, sparsity, accuracy } }) => [id, step, sparsity, accuracy])),
  };
}

test('a pruned network at rest is moved as it is: its step, its masks, its accuracy and its states', async () => {
  const { page, widget, faults } = await openWithGpu();
  assert.equal(await widget.part('backend').getAttribute('data-value'), 'cpu');
  await widget.run();
  await widget.untilAtLeast('step-count', 30);
  await widget.pause();
  await widget.slideTo(60);
  await widget.untilMeasured();
  await widget.part('prune').click();
  await widget.until((root) => root.querySelectorAll('[data-testid="states"] [data-kind="pruned"]').length === 1);
  await widget.untilMeasured();
  const [before, accuracy] = [await pictured(widget), await widget.value('accuracy')];
  await untilBackend(widget, 'webgpu');
  assert.equal(await widget.part('backend-chip').getAttribute('data-reason'), 'faster');
  assert.match(await widget.part('backend-reason').textContent(), /WebGPU has taken over.*ms/u);
  const now = await pictured(widget);
  assert.deepEqual(now, before);
  assert.equal(await widget.value('accuracy'), accuracy);
  // It is another worker's by now, and goes on from there.
  await widget.part('step').click();
  await widget.untilAtLeast('step-count', before.step + 1, 120_000);
  assert.equal(await widget.value('step-count'), before.step + 1);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('a network in training is moved between two steps, and what is asked meanwhile is carried out', async () => {
  const { page, widget, faults } = await openWithGpu();
  await watch(page);
  await widget.run();
  await untilBackend(widget, 'webgpu');
  const moved = await widget.value('step-count');
  await widget.untilAtLeast('step-count', moved + 3, 120_000);
  const steps = await page.evaluate(() => window.steps);
  const counts = steps.map(([, step]) => step);
  assert.deepEqual(counts, counts.toSorted((a, b) => a - b), 'no step is done twice');
  const [last] = steps.filter(([backend]) => backend === 'cpu').slice(-1);
  const [first] = steps.filter(([backend]) => backend === 'webgpu');
  assert.ok(first[1] >= last[1], 'it goes on where it was');
  assert.ok(await widget.busy(), 'it still trains');
  await widget.pause();
  assert.deepEqual(faults, []);
  await page.context().close();
});
