// Recipes and distillation: set up, saved, loaded, started, paused, stepped, ended.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

const WEIGHTS = 72 + 1152 + 640;

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const fresh = (path = '?backend=cpu') => open(browser, { path });

/** Chooses a recipe and writes numbers into its fields; leaves the panel open. */
async function setUp(widget, recipe, numbers = {}) {
  await widget.part('recipe').click();
  await widget.part('recipe-choice').selectOption(recipe);
  for (const [name, value] of Object.entries(numbers)) {
    await widget.part(`plan-${name}`).fill(String(value));
    await widget.part(`plan-${name}`).press('Tab');
  }
  await widget.drawn();
}

/** Chooses a file with a text as a person would. */
const load = (widget, text, name = 'recipe.json') => widget.part('recipe-file').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });

/** What stands behind the button beside distillation of the teacher: in words, and its step. */
async function distilReason(widget) {
  await widget.part('distil-more').click();
  const reason = widget.part('distil-reason');
  const read = { words: await reason.textContent(), step: Number(await reason.getAttribute('data-value')) };
  await widget.page.keyboard.press('Escape');
  return read;
}

const untilNotice = (widget, key, timeout = 120_000) => widget.until((root, wanted) => root.querySelector(`[data-key="${wanted}"]`) !== null, key, timeout);

const untilState = (widget, state) => widget.until((root, wanted) => root.querySelector('[data-testid="recipe-progress"]')?.getAttribute('data-state') === wanted, state);

test('an iterative recipe is paused, stepped, resumed and carried out to exact sparsities', async () => {
  const { page, widget, faults } = await fresh();
  await setUp(widget, 'iterative', { train: 4000, rate: 50, rounds: 3, fineTune: 60 });
  assert.equal(await widget.value('recipe-sum'), 4000 + 3 * 60);
  await widget.part('recipe-start').click();
  await widget.until((root) => /^2 of 8: training, [\d,]+ steps left$/u.test(root.querySelector('[data-testid="recipe-progress"]')?.textContent ?? ''));
  await widget.pause();
  await untilState(widget, 'paused');
  const step = await widget.value('step-count');
  assert.ok(step > 0 && step < 4000, String(step));
  await page.waitForTimeout(300);
  assert.equal(await widget.value('step-count'), step);
  await widget.part('step').click();
  await widget.untilAtLeast('step-count', step + 1);
  assert.equal(await widget.value('step-count'), step + 1);
  await widget.run();
  await untilNotice(widget, 'recipe-done');
  assert.match(await widget.part('notices').textContent(), /87\.5% sparse/u);
  assert.equal(await widget.part('recipe-progress').isVisible(), false);
  assert.equal(await widget.busy(), false);
  const sparsities = async (kind) => (await widget.states(kind)).map(({ sparsity }) => Math.round(sparsity * WEIGHTS));
  assert.deepEqual(await sparsities('pruned'), [1631, 1398, 932]);
  assert.deepEqual(await sparsities('fine-tuned'), [1631, 1398, 932]);
  const [last] = await widget.states('fine-tuned');
  assert.equal(last.step, 4000 + 3 * 60);
  assert.equal((await widget.states('dense')).some((state) => state.step === 4000), true);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a recipe that is saved and loaded again is the same recipe, and scores by its own method', async () => {
  const { page, widget, faults } = await fresh();
  await setUp(widget, 'snip', { sparsity: 75, train: 40 });
  const [saved] = await Promise.all([page.waitForEvent('download'), widget.part('recipe-save').click()]);
  const text = await readFile(await saved.path(), 'utf8');
  const recipe = JSON.parse(text);
  assert.deepEqual(recipe.plan, { kind: 'before-training', sparsity: 0.75, train: 40 });
  assert.deepEqual([recipe.method.criterion, recipe.method.scoreBatch], ['taylor', 1024]);
  await widget.part('recipe-choice').selectOption('one-shot');
  await load(widget, text);
  await widget.until((root) => root.querySelector('[data-testid="recipe"]')?.getAttribute('data-value') === 'file');
  const [again] = await Promise.all([page.waitForEvent('download'), widget.part('recipe-save').click()]);
  assert.equal(await readFile(await again.path(), 'utf8'), text);
  await widget.part('recipe-start').click();
  await untilNotice(widget, 'recipe-done');
  assert.equal(await widget.part('setting-criterion').inputValue(), 'taylor');
  assert.deepEqual((await widget.states('pruned')).map(({ sparsity, step }) => [sparsity * WEIGHTS, step]), [[1398, 0]]);
  assert.equal((await widget.states('fine-tuned'))[0].step, 40);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a file or a number that makes no recipe is told, and nothing changes', async () => {
  const { page, widget, faults } = await fresh();
  await setUp(widget, 'gradual', { cuts: 0 });
  assert.equal(await widget.part('plan-cuts').inputValue(), '20');
  await untilNotice(widget, 'recipe-rejected');
  const plan = { kind: 'one-shot', train: 10, sparsity: 0.5, fineTune: 1 };
  for (const [text, key] of [
    ['{"name": ', 'recipe-unreadable'], ['x'.repeat(100_001), 'recipe-too-large'],
    [JSON.stringify({ name: 'r', plan: { ...plan, sparsity: 2 } }), 'recipe-bad-file'],
  ]) {
    await load(widget, text, 'holiday.json');
    await untilNotice(widget, key);
    assert.match(await widget.part('notices').textContent(), /holiday\.json/u);
    assert.equal(await widget.part('recipe').getAttribute('data-value'), 'gradual');
  }
  // Well-formed, but only the core knows that this criterion can't cut weights.
  await load(widget, JSON.stringify({ name: 'r', method: { criterion: 'fpgm' }, plan }));
  await widget.until((root) => root.querySelector('[data-testid="recipe"]')?.getAttribute('data-value') === 'file');
  await widget.part('recipe-start').click();
  await untilNotice(widget, 'error-bad-config');
  assert.equal(await widget.part('setting-criterion').inputValue(), 'magnitude');
  assert.equal(await widget.part('recipe-progress').isVisible(), false);
  assert.equal((await widget.states('dense')).length, 1);
  assert.equal(await widget.value('step-count'), 0);
  assert.deepEqual(faults, []);
  await page.close();
});

test('Stop, Reset, another method and the end of the worker each end a recipe, and the page says so', async () => {
  const { page, widget } = await fresh();
  const startLong = async () => {
    await setUp(widget, 'one-shot', { train: 100_000 });
    await widget.part('recipe-start').click();
    await untilState(widget, 'running');
    await widget.untilAtLeast('step-count', 5);
  };
  for (const end of [
    () => widget.part('recipe-end').click(),
    () => widget.part('reset').click(),
    () => widget.part('setting-criterion').selectOption('random'),
  ]) {
    await startLong();
    await end();
    await untilNotice(widget, 'recipe-stopped');
    await widget.untilIdle();
    assert.equal(await widget.part('recipe-progress').isVisible(), false);
    await widget.part('notices').locator('[data-key="recipe-stopped"] button').click();
  }
  await startLong();
  await page.workers()[0].evaluate(() => self.close());
  await untilNotice(widget, 'recipe-lost');
  await untilNotice(widget, 'worker-restored');
  assert.equal(await widget.part('recipe-progress').isVisible(), false);
  await page.close();
});

test('fine-tuning against the dense network is another training, and needs a trained dense network', async () => {
  const { page, widget, faults } = await fresh('?backend=cpu#fine-tune-steps=40');
  assert.equal(await widget.part('setting-distil').isDisabled(), true);
  assert.match((await distilReason(widget)).words, /no trained dense state/u);
  await setUp(widget, 'one-shot', { train: 200, sparsity: 90, fineTune: 0 });
  await widget.part('recipe-start').click();
  await untilNotice(widget, 'recipe-done');
  assert.equal((await distilReason(widget)).step, 200);

  // The page lists a state once, however often it is come to.
  const statesAfterTuning = async () => {
    await widget.press('fine-tune', 'fine-tuned');
    assert.equal(await widget.value('step-count'), 240);
    return (await widget.states('fine-tuned')).length;
  };
  assert.equal(await statesAfterTuning(), 1);
  await widget.goBackTo('pruned');
  await widget.part('setting-distil').check();
  assert.equal(await statesAfterTuning(), 2);

  // A new worker has no network to learn from but the one that the page sends along.
  await widget.goBackTo('pruned');
  await page.workers()[0].evaluate(() => self.close());
  await untilNotice(widget, 'worker-restored');
  await widget.untilReady();
  await widget.goBackTo('pruned');
  assert.equal(await statesAfterTuning(), 2);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a narrower network is trained from scratch against the one before it, until the data are others', async () => {
  const { page, widget, faults } = await fresh('?backend=cpu#widths=16,32&fine-tune-steps=100');
  await widget.run();
  await widget.untilAtLeast('step-count', 200);
  await widget.pause();
  const trained = (await widget.states('dense')).find(({ step }) => step > 0);
  const words = () => widget.part('distil-words').textContent();
  assert.equal(await words(), 'Fine-tune against the dense network');

  await widget.part('network').click();
  await widget.part('setting-widths').selectOption('8,16');
  await widget.part('network-close').click();
  await widget.until((root) => root.querySelector('[data-testid="distil-words"]')?.textContent?.startsWith('Distil. Teacher: 16 + 32 filters, ') === true);
  assert.equal((await distilReason(widget)).step, trained?.step);
  assert.equal(await widget.part('fine-tune').isDisabled(), true);
  await widget.part('setting-distil').check();
  const student = await widget.press('fine-tune', 'dense');
  assert.equal(student?.step, 100);
  assert.ok((student?.accuracy ?? 0) > 0.4, `${student?.accuracy}`);
  assert.match(await words() ?? '', /16 \+ 32 filters/u, 'it does not learn from itself');

  await widget.part('setting-dataset').selectOption('shapes');
  await widget.until((root) => root.querySelector('[data-testid="distil-words"]')?.textContent === 'Fine-tune against the dense network');
  assert.equal(await widget.part('setting-distil').isDisabled(), true);
  assert.deepEqual(faults, []);
  await page.close();
});
