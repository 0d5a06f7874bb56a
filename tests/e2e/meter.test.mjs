// What a cut buys: measured by the worker, shown by the page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SWIFTSHADER, launch, open } from './browser.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launch({ args: SWIFTSHADER }); });
after(() => browser.close());

/** @param {import('playwright-core').Locator} table */
function rowsOf(table) {
  return table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => ({
    way: row.dataset.way, encoding: row.dataset.encoding ?? null, values: [...row.querySelectorAll('td')].map((cell) => Number(cell.dataset.value ?? NaN)),
  })));
}

/** @param {import('./browser.mjs').Widget} widget */
async function measured(widget) {
  await widget.part('meter').click();
  await widget.until((root) => root.querySelector('.meter-panel[aria-busy="false"] [data-testid="meter-times"] tbody tr') !== null);
  return { times: await rowsOf(widget.part('meter-times')), sizes: await rowsOf(widget.part('meter-sizes')) };
}

test('single weights: masked is no faster, skipping zeros is, and files shrink', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#dataset=shapes&widths=32,64&sparsity=0.95' });
  const { times, sizes } = await measured(widget);
  assert.deepEqual(times.map(({ way }) => way), ['dense', 'masked', 'sparse']);
  const [dense, masked, sparse] = times.map(({ values }) => values[0]);
  assert.ok(masked > dense / 2 && masked < dense * 2, `${masked} ms masked, ${dense} dense`);
  assert.ok(sparse < dense / 2, `${sparse} ms with zeros skipped, ${dense} dense`);
  const gzip = Object.fromEntries(sizes.map(({ way, encoding, values }) => [`${way}-${encoding}`, values[1]]));
  assert.ok(gzip['masked-bitmap'] < gzip['masked-dense'] && gzip['masked-dense'] < gzip['dense-dense'] / 4, JSON.stringify(gzip));
  assert.match(await widget.part('meter-verdict').innerText(), /multiplies by zero|same work/u);
  assert.deepEqual(faults, []);
  await page.close();
});

test('filters: the network rebuilt without them is an ordinary smaller one; the panel follows the slider', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#dataset=shapes&widths=32,64&granularity=filter&sparsity=0.5' });
  const first = await measured(widget);
  assert.deepEqual(first.times.map(({ way }) => way), ['dense', 'masked', 'compacted', 'sparse']);
  const [dense, , compacted] = first.times.map(({ values }) => values[0]);
  assert.ok(compacted < dense, `${compacted} ms rebuilt, ${dense} dense`);
  await page.keyboard.press('Escape');
  await widget.slideTo(90);
  const second = await measured(widget);
  const bytes = (of) => of.sizes.find(({ way }) => way === 'compacted').values[0];
  assert.ok(bytes(second) < bytes(first), `${bytes(second)} ${bytes(first)}`);
  assert.deepEqual(faults, []);
  await page.close();
});

test('the smaller network is gone on with: as accurate, and trained as any other', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#granularity=filter&never-empty=true' });
  await widget.run();
  await widget.untilAtLeast('accuracy', 0.9);
  await widget.pause();
  await widget.slideTo(50);
  await widget.press('prune', 'pruned');
  await widget.untilMeasured();
  const accuracy = await widget.value('accuracy');
  await measured(widget);
  await widget.part('rebuild').click();
  await widget.part('notices').locator('[data-key="opened-same"]').waitFor({ timeout: 60_000 });
  await widget.untilMeasured();
  assert.equal(await widget.value('accuracy'), accuracy);
  assert.equal(await widget.value('sparsity'), 0);
  const before = await widget.value('step-count');
  await widget.run();
  await widget.untilAtLeast('step-count', before + 20);
  await widget.pause();
  assert.deepEqual(faults, []);
  await page.close();
});

test('on WebGPU too the smaller network is gone on with: trained, cut and fine-tuned as any other', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=webgpu#granularity=filter&never-empty=true&fine-tune-steps=30', ready: false });
  await widget.untilReady(280_000);
  await widget.run();
  await widget.untilAtLeast('accuracy', 0.9, 280_000);
  await widget.pause();
  await widget.slideTo(50);
  await widget.press('prune', 'pruned');
  const [total, accuracy] = [await weights(), await widget.value('accuracy')];
  const { times } = await measured(widget);
  assert.deepEqual(times.map(({ way }) => way), ['dense', 'masked', 'compacted']);
  await widget.part('rebuild').click();
  // Sums over fewer features have other parts: the last digits of the loss may differ.
  await widget.part('notices').locator('[data-key="opened-same"], [data-key="opened-close"]').waitFor({ timeout: 120_000 });
  await widget.untilMeasured();
  assert.equal(await widget.part('backend').getAttribute('data-value'), 'webgpu');
  assert.deepEqual([await widget.value('accuracy'), await widget.value('sparsity')], [accuracy, 0]);
  const smaller = await weights();
  assert.ok(smaller < 0.6 * total, `${smaller} weights of ${total}`);
  // It learns again what the cut has taken from it.
  const opened = await widget.value('step-count');
  await widget.run();
  await widget.untilAtLeast('step-count', opened + 30, 120_000);
  await widget.untilAtLeast('accuracy', 0.8, 280_000);
  await widget.pause();
  assert.ok(await widget.value('loss') > 0 && await widget.value('loss') < 1.5);
  await widget.slideTo(30);
  await widget.press('prune', 'pruned');
  const [pruned, cut] = [await widget.value('step-count'), await widget.value('accuracy')];
  const tuned = await widget.press('fine-tune', 'fine-tuned');
  assert.equal(tuned.step, pruned + 30);
  assert.ok(tuned.accuracy > cut, `${tuned.accuracy} after fine-tuning, ${cut} before`);
  const warnings = await widget.part('notices').locator('.warning').evaluateAll((notices) => notices.map(({ dataset }) => dataset.key));
  assert.deepEqual(warnings, ['webgpu-software']);
  assert.deepEqual(faults, []);
  await page.close();

  async function weights() {
    return Number(await widget.part('kept').getAttribute('data-total'));
  }
});
