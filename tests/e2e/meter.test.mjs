// What a cut buys: measured by the worker, shown by the page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launch(); });
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
