// Networks as files: saved, opened on a fresh page with the same accuracy bit for bit, and refused where they are damaged.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Opens the panel, presses a button in it and reads the file that comes. */
async function saved(widget, button) {
  if (!(await widget.part(button).isVisible())) await widget.part('share').click();
  const [file] = await Promise.all([widget.page.waitForEvent('download'), widget.part(button).click()]);
  const bytes = await readFile(await file.path());
  return { name: file.suggestedFilename(), mimeType: 'application/octet-stream', buffer: bytes };
}

/** The header of a safetensors file, and where its tensors begin. */
function headerOf({ buffer }) {
  const start = 8 + Number(buffer.readBigUInt64LE(0));
  return { start, header: JSON.parse(buffer.subarray(8, start).toString('utf8')) };
}

function metadataOf(file) {
  return headerOf(file).header.__metadata__;
}

/** Gives the page a network to open, and waits for what it says of it. */
async function opened(widget, file, key) {
  const input = widget.part('open-network-input');
  if (await input.count() === 0) {
    await widget.part('share').click();
    await input.waitFor({ state: 'attached' });
    await widget.page.keyboard.press('Escape');
  }
  await input.setInputFiles(file);
  const notice = widget.part('notices').locator(`[data-key="${key}"]`);
  await notice.waitFor({ timeout: 60_000 });
  return notice.locator('p').textContent();
}

/** What is in hand: steps, what is kept, and the state that it is. */
async function inHand(widget) {
  await widget.untilMeasured();
  return [await widget.value('step-count'), await widget.value('kept'), await widget.value('sparsity')];
}

test('a network that was saved opens on a fresh page with the same accuracy, bit for bit, and trains on', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#granularity=filter&never-empty=true' });
  await widget.run();
  await widget.untilAtLeast('step-count', 60);
  await widget.pause();
  await widget.part('share').click();
  assert.equal(await widget.part('without-removed').isDisabled(), true);
  await page.keyboard.press('Escape');
  await widget.slideTo(40);
  const pruned = await widget.press('prune', 'pruned');
  const masked = await saved(widget, 'save-weights');
  await widget.part('without-removed').check();
  const compacted = await saved(widget, 'save-weights');
  const onnx = await saved(widget, 'save-onnx');
  const before = await inHand(widget);
  assert.match(compacted.name, /-compacted\.safetensors$/u);
  assert.match(onnx.name, /-compacted\.onnx$/u);
  assert.ok(compacted.buffer.length < masked.buffer.length);
  const about = metadataOf(masked);
  assert.deepEqual([about.network, about.seed, Number(about.step), about.samples], ['masked', '1', before[0], '360']);
  assert.equal(Number(about.accuracy), pruned.samples === 360 ? pruned.accuracy : Number(about.accuracy));
  assert.equal(JSON.parse(about.recipe).plan.kind, 'one-shot');

  const other = await open(browser, { path: '?backend=cpu#granularity=filter&never-empty=true' });
  assert.match(await opened(other.widget, masked, 'opened-same'), /bit for bit/u);
  assert.deepEqual(await inHand(other.widget), before);
  const [state] = await other.widget.states('fine-tuned');
  await other.widget.until((root, accuracy) => [...root.querySelectorAll('[data-testid="states"] button')]
    .some(({ dataset }) => dataset.samples === '360' && Number(dataset.accuracy) === accuracy), Number(about.accuracy));
  assert.equal(state.step, before[0]);
  await other.widget.part('step').click();
  await other.widget.untilAtLeast('step-count', before[0] + 1);

  // A compacted network is an ordinary dense one of fewer filters.
  await opened(other.widget, compacted, 'opened-same');
  await other.widget.untilMeasured();
  assert.equal(await other.widget.value('sparsity'), 0);
  assert.deepEqual(await other.page.evaluate(() => location.hash.includes('widths=8,16')), false);
  assert.deepEqual([...faults, ...other.faults], []);
  await Promise.all([page.close(), other.page.close()]);
});

test('what is damaged or foreign is refused with a sentence, dropped or chosen, and the session goes on as it was', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.run();
  await widget.untilAtLeast('step-count', 20);
  await widget.pause();
  const file = await saved(widget, 'save-weights');
  const images = await saved(widget, 'save-test-images');
  await page.keyboard.press('Escape');
  const before = await inHand(widget);
  const cut = { ...file, name: 'cut.safetensors', buffer: file.buffer.subarray(0, file.buffer.length - 1000) };
  const nan = { ...file, name: 'nan.safetensors', buffer: Buffer.from(file.buffer) };
  const { start, header } = headerOf(file);
  nan.buffer.fill(0xff, ...header['conv1.weight'].data_offsets.map((offset) => start + offset));
  for (const bad of [cut, nan, images, { ...file, name: 'none.safetensors', buffer: Buffer.from('no network') }]) {
    const sentence = await opened(widget, bad, 'error-bad-network');
    assert.ok(sentence.includes(bad.name) && sentence.includes('can\'t be opened') && sentence.includes('goes on as it was'), sentence);
    assert.deepEqual(await inHand(widget), before);
    await widget.part('notices').locator('.dismiss').first().click();
    await widget.drawn();
  }
  const drop = (name, bytes) => widget.root.evaluate((element, [called, content]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(content)], called));
    element.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, [name, [...bytes]]);
  await drop('dropped.safetensors', cut.buffer);
  await widget.part('notices').locator('[data-key="error-bad-network"]', { hasText: 'dropped.safetensors' }).waitFor();
  assert.deepEqual(await inHand(widget), before);
  await drop('whole.safetensors', file.buffer);
  await widget.part('notices').locator('[data-key="opened-same"]').waitFor();
  assert.deepEqual(await inHand(widget), before);
  assert.deepEqual(faults, []);
  await page.close();
});

test('the script for PyTorch and the test images are a press away', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  for (const [button, name] of [['save-script', 'evaluate_network.py'], ['save-torchrun', 'train_distributed.py']]) {
    const script = await saved(widget, button);
    assert.equal(script.name, name);
    assert.deepEqual(script.buffer, await readFile(new URL(`../../assets/pytorch/${name}`, import.meta.url)));
  }
  const images = await saved(widget, 'save-test-images');
  assert.equal(images.name, 'pruning-playground-digits-test-images.safetensors');
  assert.equal(metadataOf(images).dataset, 'digits');
  assert.deepEqual(faults, []);
  await page.close();
});
