// Comparing methods beside the session: a race over seeds, cancelling it, and a scan that sets a layer by hand.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

const GRID = [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1];
const CRITERIA = ['magnitude', 'random', 'taylor'];

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Opens the dialog and fills in what to race. */
async function prepare(widget, { seeds, steps, tune }) {
  await widget.part('compare').click();
  await widget.part('race-seeds').fill(String(seeds));
  await widget.part('race-steps').fill(String(steps));
  await widget.part('race-tune').fill(String(tune));
}

function untilStage(widget, name, stage, timeout = 120_000) {
  return widget.until((root, [id, wanted]) => root.querySelector(`[data-testid="${id}"]`)?.getAttribute('data-stage') === wanted, [name, stage], timeout);
}

/** The browser tells of a worker's end some time after it. */
async function untilOneWorker(page) {
  while (page.workers().length > 1) await Promise.race(page.workers().map((worker) => worker.waitForEvent('close')));
}

function table(widget) {
  return widget.part('race-table').locator('tbody tr').evaluateAll((rows) => rows.map((row) => {
    const cell = (name) => row.querySelector(`[data-column="${name}"]`);
    return {
      criterion: row.dataset.criterion, requested: Number(row.dataset.requested), sparsity: Number(cell('sparsity').dataset.value),
      mean: Number(cell('cut').dataset.value), min: Number(cell('cut').dataset.min), max: Number(cell('cut').dataset.max),
      tuned: cell('tuned').dataset.value === undefined ? null : Number(cell('tuned').dataset.value), seeds: Number(cell('seeds').dataset.value),
    };
  }));
}

async function csvOf(page, widget) {
  const [download] = await Promise.all([page.waitForEvent('download'), widget.part('race-csv').click()]);
  const lines = (await readFile(await download.path(), 'utf8')).split('\r\n');
  assert.equal(lines.pop(), '');
  const names = lines.shift().split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((field, i) => [names[i], field])));
}

test('a race of three methods over two seeds ranks magnitude above random at 50%, and leaves the session alone', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.part('step').click();
  await widget.untilAtLeast('step-count', 1);
  const session = async () => [await widget.value('step-count'), await widget.value('accuracy'), await widget.part('states').locator('button').count(), page.url()];
  const untouched = await session();
  await prepare(widget, { seeds: 2, steps: 300, tune: 0 });
  await widget.part('race-start').click();
  await untilStage(widget, 'race-status', 'running');
  await widget.part('compare-close').click();
  assert.match(await widget.part('compare').textContent(), /Comparing/u);
  assert.equal(page.workers().length, 2);
  await untilStage(widget, 'compare', 'done');
  await untilOneWorker(page);
  assert.deepEqual(await session(), untouched);
  await widget.part('compare').click();
  await untilStage(widget, 'race-status', 'done');
  const rows = await table(widget);
  assert.deepEqual(rows.map(({ criterion, requested, seeds }) => [criterion, requested, seeds]), CRITERIA.flatMap((criterion) => GRID.map((requested) => [criterion, requested, 2])));
  const at = (criterion, requested) => rows.find((row) => row.criterion === criterion && row.requested === requested);
  assert.ok(at('magnitude', 0.5).mean > at('random', 0.5).mean + 0.05, `${at('magnitude', 0.5).mean} ${at('random', 0.5).mean}`);
  assert.ok(at('magnitude', 0).mean > 0.8);
  assert.equal(at('magnitude', 0).mean, at('random', 0).mean);
  const weights = 8 * 9 + 16 * 8 * 9 + 10 * 16 * 4;
  for (const { requested, sparsity } of rows) assert.ok(Math.abs(sparsity * weights - requested * weights) <= 0.5, `${requested} ${sparsity}`);

  const lines = await csvOf(page, widget);
  assert.deepEqual(lines.map((line) => [line.seed, line.criterion, Number(line.sparsity_requested)]), ['1', '2'].flatMap((seed) => CRITERIA.flatMap((criterion) => GRID.map((requested) => [seed, criterion, requested]))));
  for (const { criterion, requested, mean, min, max } of rows) {
    const same = lines.filter((line) => line.criterion === criterion && Number(line.sparsity_requested) === requested).map((line) => Number(line.accuracy));
    assert.ok(Math.abs(mean - (same[0] + same[1]) / 2) < 1e-12);
    assert.deepEqual([min, max], [Math.min(...same), Math.max(...same)]);
  }
  assert.ok(lines.every((line) => line.granularity === 'weight' && line.scope === 'global' && line.fine_tune_steps === '0' && Number(line.samples) > 0));
  assert.deepEqual(faults, []);
  await page.close();
});

test('fine-tuning after each cut wins accuracy back, and a cancelled race keeps what it measured', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await prepare(widget, { seeds: 5, steps: 300, tune: 40 });
  await widget.part('race-random').uncheck();
  await widget.part('race-taylor').uncheck();
  await widget.part('race-filter-l1').check();
  await widget.part('race-start').click();
  await widget.until((root) => root.querySelectorAll('[data-criterion="filter-l1"] [data-column="tuned"][data-value]').length === 12, undefined, 120_000);
  await widget.part('race-cancel').click();
  await untilStage(widget, 'race-status', 'cancelled');
  await untilOneWorker(page);
  const rows = await table(widget);
  const at = (requested) => rows.find((row) => row.criterion === 'magnitude' && row.requested === requested);
  assert.ok(at(0.7).tuned > at(0.7).mean + 0.1, `${at(0.7).tuned} ${at(0.7).mean}`);
  const lines = await csvOf(page, widget);
  assert.equal(lines.length, await widget.value('race-status'));
  assert.ok(lines.every((line) => (line.criterion === 'filter-l1') === (line.granularity === 'filter')));
  assert.ok(lines.every((line) => line.scope === (line.granularity === 'filter' ? 'layer' : 'global')));
  assert.ok(lines.some((line) => line.fine_tune_steps === '40'));
  await widget.part('race-start').click();
  await untilStage(widget, 'race-status', 'running');
  await widget.part('race-cancel').click();
  await untilStage(widget, 'race-status', 'cancelled');
  assert.deepEqual(faults, []);
  await page.close();
});

test('a scan measures each layer alone, and a cell sets only that layer by hand', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.run();
  await widget.untilAtLeast('step-count', 150);
  await widget.pause();
  const accuracy = await widget.value('accuracy');
  await widget.part('compare').click();
  await widget.part('tab-scan').click();
  await widget.part('scan-start').click();
  await untilStage(widget, 'scan-status', 'done');
  const rows = widget.part('scan-table').locator('tbody tr');
  assert.deepEqual(await rows.evaluateAll((all) => all.map(({ dataset }) => dataset.layer)), ['conv1', 'conv2', 'fc']);
  const cell = (layer, share) => widget.part('scan-table').locator(`button[data-layer="${layer}"][data-share="${share}"]`);
  for (const layer of ['conv1', 'conv2', 'fc']) assert.equal(Number(await cell(layer, 0).getAttribute('data-value')), accuracy);
  const predicted = Number(await cell('conv2', 0.9).getAttribute('data-value'));
  assert.ok(predicted < accuracy);
  await cell('conv2', 0.9).click();
  assert.equal(await cell('conv2', 0.9).getAttribute('aria-pressed'), 'true');
  await cell('conv2', 0.9).press('ArrowLeft');
  await cell('conv2', 0.8).press('ArrowRight');
  await cell('conv2', 0.9).press('Enter');
  await widget.part('compare-close').click();
  await widget.untilMeasured();
  assert.deepEqual(await Promise.all(['conv1', 'conv2', 'fc'].map((layer) => widget.value(`kept-${layer}`))), [72, 1152 - Math.round(0.9 * 1152), 640]);
  assert.equal(await widget.value('preview-accuracy'), predicted);
  assert.equal(await widget.part('setting-scope').inputValue(), 'hand');
  assert.deepEqual(faults, []);
  await page.close();
});
