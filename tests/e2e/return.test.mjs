// What a person finds again when they come back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SITE, Widget, launch, open } from './browser.mjs';
import { records, untilKept, visitor } from './visits.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const CPU = '?backend=cpu';

test('who comes back is offered their last network, and goes on with it bit for bit', async () => {
  const context = await visitor(browser);
  const first = await open(browser, { path: `${CPU}#seed=3`, context });
  await first.widget.run();
  await first.widget.untilAtLeast('accuracy', 0.8);
  await first.widget.pause();
  await first.widget.slideTo(50);
  const pruned = await first.widget.press('prune', 'pruned');
  await untilKept(first.page, ([kept]) => kept?.sparsity === pruned.sparsity);
  const before = await figures(first.widget);
  await first.widget.part('step').click();
  await first.widget.untilAtLeast('step-count', pruned.step + 1);
  const loss = await first.widget.value('loss');
  await first.page.close();

  const second = await open(browser, { path: CPU, autoplay: true, context });
  assert.equal(await second.widget.value('step-count'), 0);
  assert.match(await second.widget.part('offer-words').textContent(), /Today .*50\.0% sparsity/u);
  await second.widget.part('offer-accept').click();
  await second.widget.until((root) => root.querySelector('[data-testid="states"] [aria-current="true"]')?.getAttribute('data-kind') === 'pruned');
  await second.widget.untilMeasured();
  assert.deepEqual(await figures(second.widget), before);
  await second.widget.part('settings').click();
  assert.equal(await second.widget.part('setting-seed').inputValue(), '3');
  await second.page.keyboard.press('Escape');
  await second.widget.part('step').click();
  await second.widget.untilAtLeast('step-count', pruned.step + 1);
  assert.equal(await second.widget.value('loss'), loss);
  assert.deepEqual([...first.faults, ...second.faults], []);
  await context.close();
});

test('who leaves in the midst of training is offered its last checkpoint', async () => {
  const context = await visitor(browser);
  const { page, widget, faults } = await open(browser, { path: CPU, context });
  await widget.run();
  await untilKept(page, ([kept]) => kept?.step > 0);
  const [{ step }] = await records(page);
  await page.close();

  const later = await open(browser, { path: CPU, context });
  await later.widget.part('offer-accept').click();
  await later.widget.until((root) => root.querySelector('[data-key="worker-restored"]') !== null);
  assert.equal(await later.widget.value('step-count'), step);
  await later.widget.run();
  await later.widget.untilAtLeast('step-count', step + 5);
  assert.deepEqual([...faults, ...later.faults], []);
  await context.close();
});

async function figures(widget) {
  const names = ['step-count', 'accuracy', 'accuracy-samples', 'sparsity', 'preview-accuracy'];
  return Promise.all(names.map((name) => widget.value(name)));
}

test('an offer that is declined comes again next time; what is forgotten does not; training anew replaces it', async () => {
  const context = await visitor(browser);
  const { page, widget, faults } = await open(browser, { path: CPU, context });
  const trained = async () => {
    await widget.run();
    await widget.untilAtLeast('step-count', 20);
    await widget.pause();
    const step = await widget.value('step-count');
    await untilKept(page, ([kept]) => kept?.step === step);
    return step;
  };
  const again = async () => { await page.reload(); await widget.untilReady(); };
  const offer = widget.part('offer');

  const step = await trained();
  await again();
  await widget.part('offer-decline').click();
  await offer.waitFor({ state: 'hidden' });
  await again();
  await offer.waitFor();
  assert.equal((await records(page))[0].step, step);
  await widget.part('reset').click();
  await widget.untilMeasured();
  assert.equal((await records(page))[0].step, step);
  await trained();
  await offer.waitFor({ state: 'hidden' });
  await again();
  await widget.part('settings').click();
  await widget.part('forget').click();
  await offer.waitFor({ state: 'hidden' });
  assert.deepEqual(await records(page), []);
  await again();
  assert.equal(await offer.isVisible(), false);
  assert.deepEqual(faults, []);
  await context.close();
});

test('who presses Run while their last network is on offer can bring it back, in this visit and the next', async () => {
  const context = await visitor(browser);
  const { page, widget, faults } = await open(browser, { path: CPU, context });
  await widget.run();
  await widget.untilAtLeast('step-count', 300);
  await widget.pause();
  await widget.untilMeasured();
  const step = await widget.value('step-count');
  await untilKept(page, ([kept]) => kept?.step === step);
  await page.reload();
  await widget.untilReady();
  await widget.part('offer').waitFor();
  await widget.run();
  await widget.untilAtLeast('step-count', 5);
  await widget.pause();
  await untilKept(page, (all) => all.length === 2);
  await page.reload();
  await widget.untilReady();
  assert.ok((await widget.part('offer-words').textContent()).includes(new Intl.NumberFormat('en').format(step)));
  await widget.part('offer-decline').click();
  await widget.part('settings').click();
  await widget.part('bring-back').click();
  await widget.untilAtLeast('step-count', step);
  assert.equal(await widget.value('step-count'), step);
  assert.deepEqual(faults, []);
  await context.close();
});

test('two tabs keep a network each', async () => {
  const context = await visitor(browser);
  const steps = [];
  for (const least of [20, 60]) {
    const { page, widget, faults } = await open(browser, { path: CPU, context });
    await widget.run();
    await widget.untilAtLeast('step-count', least);
    await widget.pause();
    await widget.untilMeasured();
    steps.push(await widget.value('step-count'));
    await untilKept(page, (all) => all.some(({ step }) => step === steps.at(-1)));
    assert.deepEqual(faults, []);
  }
  assert.deepEqual((await records(context.pages()[0])).map(({ step }) => step).sort((a, b) => a - b), steps.sort((a, b) => a - b));
  await context.close();
});

test('two iframes of a page keep a network each, and each finds its own again', async () => {
  const context = await visitor(browser, { viewport: { width: 1280, height: 1500 } });
  const page = await context.newPage();
  const frame = '<iframe src="embed.html?backend=cpu#autoplay=off" width="1100" height="720"></iframe>';
  await page.route('**/two.html', (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>Two</title>${frame}${frame}` }));
  await page.goto(new URL('two.html', SITE).href);
  const widgets = () => page.frames().slice(1).map((each) => new Widget(each, each.locator('pruning-playground')));
  const steps = [];
  for (const [i, widget] of widgets().entries()) {
    await widget.untilReady();
    await widget.run();
    await widget.untilAtLeast('step-count', 20 + 40 * i);
    await widget.pause();
    await widget.untilMeasured();
    steps.push(await widget.value('step-count'));
    await untilKept(page, (all) => all.some(({ step }) => step === steps[i]));
  }
  await page.reload();
  for (const [i, widget] of widgets().entries()) {
    await widget.untilReady();
    await widget.part('offer').waitFor();
    assert.ok((await widget.part('offer-words').textContent()).includes(`after ${new Intl.NumberFormat('en').format(steps[i])} steps`), `${steps}`);
  }
  await context.close();
});

/**
 * A small set in MNIST's format: on an image of class k, row k is white.
 * @param {'train' | 't10k'} part
 * @param {number} count
 */
function idxFiles(part, count) {
  const header = (/** @type {number[]} */ numbers) => {
    const bytes = Buffer.alloc(4 * numbers.length);
    numbers.forEach((number, i) => bytes.writeUInt32BE(number, 4 * i));
    return bytes;
  };
  const images = Buffer.alloc(count * 784);
  const labels = Buffer.alloc(count);
  for (let i = 0; i < count; i += 1) {
    labels[i] = i % 10;
    images.fill(200 + (i % 50), i * 784 + labels[i] * 56, i * 784 + labels[i] * 56 + 28);
  }
  const file = (/** @type {string} */ name, /** @type {Buffer[]} */ ...parts) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.concat(parts) });
  return [
    file(`${part}-images-idx3-ubyte`, header([2051, count, 28, 28]), images),
    file(`${part}-labels-idx1-ubyte`, header([2049, count]), labels),
  ];
}

test('a network on files of one\'s own is offered too, and goes on once the files are there', async () => {
  const files = [...idxFiles('train', 64), ...idxFiles('t10k', 40)];
  const context = await visitor(browser);
  const { page, widget, faults } = await open(browser, { path: CPU, context });
  await widget.part('file-input').setInputFiles(files);
  await widget.until((root) => root.querySelector('[data-testid="setting-dataset"]')?.value === 'mnist');
  await widget.untilMeasured();
  await widget.run();
  await widget.untilAtLeast('step-count', 10);
  await widget.pause();
  await widget.untilMeasured();
  const step = await widget.value('step-count');
  await untilKept(page, ([kept]) => kept?.step === step);
  const before = await figures(widget);

  const later = await open(browser, { path: CPU, context });
  assert.match(await later.widget.part('offer').textContent(), /choose them again/u);
  await later.widget.part('offer-accept').click();
  await later.widget.until((root) => root.querySelector('[data-testid="awaiting-files"]') !== null);
  await later.widget.part('file-input').setInputFiles(files);
  await later.widget.untilAtLeast('step-count', step);
  await later.widget.untilMeasured();
  assert.deepEqual(await figures(later.widget), before);
  assert.deepEqual([...faults, ...later.faults], []);
  await context.close();
});

test('a damaged record is passed over without a word, and one whose weights are damaged leaves the session as it is', async () => {
  const context = await visitor(browser);
  const { page, widget, faults } = await open(browser, { path: CPU, context });
  await widget.run();
  await widget.untilAtLeast('step-count', 5);
  await widget.pause();
  const step = await widget.value('step-count');
  await untilKept(page, ([kept]) => kept?.step === step);
  const damage = (how) => page.evaluate((field) => new Promise((resolve) => {
    const asked = indexedDB.open('pruning-playground');
    asked.onsuccess = () => {
      const states = asked.result.transaction('states', 'readwrite').objectStore('states');
      states.openCursor().onsuccess = ({ target: { result } }) => {
        if (!result) {
          asked.result.close();
          resolve(undefined);
          return;
        }
        const record = result.value;
        if (field === 'checkpoint') record.checkpoint.fill(0x20, 64);
        else record[field] = { not: 'what it was' };
        result.update(record);
        result.continue();
      };
    };
  }), how);

  await damage('checkpoint');
  await page.reload();
  await widget.untilReady();
  await widget.part('offer-accept').click();
  await widget.until((root) => root.querySelector('[data-key="error-bad-checkpoint"]') !== null);
  await widget.run();
  await widget.untilAtLeast('step-count', 5);
  await widget.pause();
  await damage('accuracy');
  await page.reload();
  await widget.untilReady();
  assert.equal(await widget.part('offer').isVisible(), false);
  assert.equal(await widget.part('notices').textContent(), '');
  assert.deepEqual(faults, []);
  await context.close();
});
