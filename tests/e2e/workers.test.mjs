// Training spread over workers, in a browser: real workers, which are killed and hung while they train.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const snapshot = (page) => page.evaluate(() => document.querySelector('pruning-playground').snapshot());

/** Trains exactly so many steps, and gives what the network then does on the whole test set. */
async function trained(page, steps) {
  return page.evaluate(async (count) => {
    const element = document.querySelector('pruning-playground');
    await element.configure({ 'fine-tune-steps': count });
    await element.fineTune();
    const now = element.snapshot();
    const point = now.points.find(({ id }) => id === now.currentPoint);
    return { step: now.step, accuracy: point.accuracy.value, loss: point.loss };
  }, steps);
}

const SETTINGS = '#dataset=digits&seed=3&backend=cpu';

/** The workers of the session: all but its own, which came first. */
const peers = (page) => page.workers().filter((worker) => worker.url().endsWith('/worker.js')).slice(1);

async function untilPeers(page, count) {
  for (const end = Date.now() + 20_000; peers(page).length !== count;) {
    assert.ok(Date.now() < end, `${peers(page).length} workers, not ${count}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

/** Ends a worker without a word to anybody. */
const kill = (worker) => worker.evaluate(() => self.close()).catch(() => {});

test('two workers come to what one comes to, and the page shows what they do', async () => {
  const alone = await open(browser, { path: SETTINGS });
  const one = await trained(alone.page, 200);
  await alone.page.close();

  const { page, widget, faults } = await open(browser, { path: `${SETTINGS}&workers=2` });
  const first = await trained(page, 200);
  assert.equal(first.step, 200);
  assert.ok(Math.abs(first.loss - one.loss) < 1e-3, `${first.loss} and ${one.loss}`);
  await untilPeers(page, 2);

  const button = widget.root.getByTestId('workers');
  assert.equal(await button.textContent(), '×2');
  await widget.root.getByTestId('run').click();
  await button.click();
  const speed = widget.root.getByTestId('workers-speed');
  await page.waitForFunction((output) => Number(output.dataset.value) > 0, await speed.elementHandle());
  assert.match(await speed.textContent(), /images\/s, \d+\.\d× one worker alone/u);
  const bytes = Number(await widget.root.getByTestId('workers-bytes').getAttribute('data-value'));
  assert.ok(bytes > 0.9 && bytes < 1.1, `${bytes}`);
  assert.match(await widget.root.getByTestId('lanes').getAttribute('aria-label'), /^Worker 1: \d.*% computing.*Worker 2:/u);
  await widget.root.getByTestId('run').click();
  assert.deepEqual(faults, []);
  await page.close();
});

test('pruned weights are not sent', async () => {
  const { page, widget } = await open(browser, { path: `${SETTINGS}&workers=2&sparsity=0.9` });
  await trained(page, 50);
  await page.evaluate(() => document.querySelector('pruning-playground').prune());
  await widget.root.getByTestId('run').click();
  await widget.root.getByTestId('workers').click();
  const bytes = await widget.root.getByTestId('workers-bytes').elementHandle();
  await page.waitForFunction((output) => Number(output.dataset.value) > 0 && Number(output.dataset.value) < 0.2, bytes);
  await page.close();
});

test('workers that are killed at random for 1,000 steps, and one that hangs, change no bit of what is learnt', async () => {
  const calm = await open(browser, { path: `${SETTINGS}&workers=2` });
  const undisturbed = await trained(calm.page, 1000);
  await calm.page.close();

  const { page, widget, faults } = await open(browser, { path: `${SETTINGS}&workers=2` });
  const training = trained(page, 1000);
  await untilPeers(page, 2);
  // No answer ever comes of this.
  peers(page)[0].evaluate(() => { for (;;); }).catch(() => {});
  let killed = 0;
  let over = false;
  training.finally(() => { over = true; });
  let random = 7;
  while (!over) {
    random = (random * 16807) % 2147483647;
    await new Promise((resolve) => { setTimeout(resolve, 20 + (random % 150)); });
    const all = peers(page);
    if (all.length === 2 && killed < 12) {
      await Promise.race([kill(all[1]), new Promise((resolve) => { setTimeout(resolve, 200); })]);
      killed += 1;
    }
  }
  const disturbed = await training;
  assert.ok(killed >= 3, `${killed} were killed`);
  assert.deepEqual(disturbed, undisturbed);
  await widget.root.getByTestId('workers').click();
  assert.match(await widget.root.locator('.notices').textContent(), /Worker \d (stopped|did not answer)\. Another takes its place; no step is lost\./u);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a slow worker is simulated, the same in every run, and how late its updates are is shown', async () => {
  const run = async () => {
    const { page, widget } = await open(browser, { path: `${SETTINGS}&workers=3&exchange=asynchronous&staleness=-1&straggler=6` });
    const result = await trained(page, 300);
    await widget.root.getByTestId('workers').click();
    const lanes = widget.root.getByTestId('lanes');
    await page.waitForFunction((canvas) => canvas.dataset.staleness, await lanes.elementHandle());
    const staleness = (await lanes.getAttribute('data-staleness')).split(' ').map(Number);
    await page.close();
    return { ...result, late: staleness.length - 1 };
  };
  const [first, second] = [await run(), await run()];
  assert.deepEqual([first.accuracy, first.loss], [second.accuracy, second.loss]);
  assert.ok(first.late > 3, `${first.late} updates late`);
});

test('the number of workers that is left open is found while training', async () => {
  const { page, widget, faults } = await open(browser, { path: `#dataset=shapes&widths=32,64&backend=cpu&workers=0` });
  await widget.root.getByTestId('run').click();
  await widget.root.getByTestId('workers').click();
  // Two cores and more: that many are tried at least once.
  await page.waitForFunction((button) => Number(button.dataset.value) > 1, await widget.root.getByTestId('workers').elementHandle(), { timeout: 60_000 });
  const speed = await widget.root.getByTestId('workers-speed').elementHandle();
  await page.waitForFunction((output) => /Tried: 1: \d/u.test(output.textContent), speed, { timeout: 60_000 });
  await widget.root.getByTestId('run').click();
  await page.waitForFunction(() => document.querySelector('pruning-playground').snapshot().activity === 'idle');
  assert.deepEqual(faults, []);
  await page.close();
});

test('a number out of range is said so, and the panel works by keyboard', async () => {
  const { page, widget } = await open(browser, { path: SETTINGS });
  await widget.root.getByTestId('workers').focus();
  await page.keyboard.press('Enter');
  const count = widget.root.getByTestId('setting-workers');
  await count.fill('17');
  await count.press('Enter');
  await widget.root.locator('.notice', { hasText: 'Workers (0: find the fastest) = 17' }).waitFor();
  await count.fill('2');
  await count.press('Enter');
  assert.equal((await snapshot(page)).settings.workers, 2);
  await page.close();
});
