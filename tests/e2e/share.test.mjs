// Passing an experiment on: links, embed code, and the files of network, recipe and charts.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { SITE, Widget, launch, open } from './browser.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Presses a button and reads the file that comes. */
async function download(page, button) {
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

function settingsOf(hash) {
  return Object.fromEntries(new URLSearchParams(hash.slice(1)));
}

/** Takes so many single steps, and waits for the accuracy after them. */
async function stepped(widget, steps) {
  for (let i = 1; i <= steps; i += 1) {
    await widget.part('step').click();
    await widget.untilAtLeast('step-count', i);
  }
  await widget.untilMeasured();
  return [await widget.value('sparsity'), await widget.value('kept'), await widget.value('loss'), await widget.value('preview-accuracy')];
}

/** The header of a safetensors file and the bytes of a tensor. */
function safetensors(bytes) {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8'));
  return { header, tensor: (name) => bytes.subarray(8 + length + header[name].data_offsets[0], 8 + length + header[name].data_offsets[1]) };
}

test('a copied link opens the same experiment: the same settings, the same place, the same figures after the same steps', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#seed=7&widths=4,6&batch=64&criterion=random&learning-rate=0.01' });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await widget.part('setting-scope').selectOption('layer');
  await widget.untilRanked();
  await widget.slideTo(35);
  await widget.part('share').click();
  await widget.part('copy-link').click();
  await widget.until((root) => root.querySelector('[data-testid="share-said"]').textContent === 'Copied.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press('Escape');
  const wanted = settingsOf(new URL(link).hash);
  assert.deepEqual({ ...settingsOf(new URL(page.url()).hash), sparsity: '0.35' }, wanted);
  assert.deepEqual([wanted.seed, wanted.widths, wanted.criterion, wanted.scope, wanted.backend], ['7', '4,6', 'random', 'layer', 'cpu']);
  const other = await open(browser, { path: link });
  assert.deepEqual(settingsOf(new URL(other.page.url()).hash), wanted);
  assert.equal(await other.widget.value('requested'), 0.35);
  assert.deepEqual(await stepped(other.widget, 4), await stepped(widget, 4));
  assert.deepEqual([...faults, ...other.faults], []);
  await Promise.all([page.close(), other.page.close()]);
});

test('the embed code names this script and what differs from the defaults, and where copying is refused it is selected', async () => {
  const { page, widget, faults } = await open(browser, { path: 'index.html?backend=cpu#seed=3&dataset=shapes&noise=0.1&scope=hand&sparsity=0.1,0.2,0.3' });
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('refused')) } }));
  await widget.part('share').click();
  await widget.part('copy-code').click();
  await widget.until((root) => root.querySelector('[data-testid="share-said"]').textContent.includes('Ctrl+C'));
  const code = await widget.part('share-code').inputValue();
  assert.equal(await widget.part('share-code').evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd)), code);
  const parsed = await page.evaluate((markup) => {
    const found = new DOMParser().parseFromString(markup, 'text/html');
    const element = found.querySelector('pruning-playground');
    return { script: found.querySelector('script').src, attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])) };
  }, code);
  assert.equal(parsed.script, new URL('www/pruning-playground.js', SITE).href);
  assert.deepEqual(parsed.attributes, { dataset: 'shapes', noise: '0.1', seed: '3', scope: 'hand', sparsity: '0.1,0.2,0.3', backend: 'cpu', autoplay: 'off' });
  assert.equal(new URL(await widget.part('share-link').inputValue()).pathname, new URL(page.url()).pathname);
  // On a page that does not keep the settings in its address, the link leads to the playground's own page.
  await page.keyboard.press('Escape');
  await page.evaluate(() => {
    const embedded = document.querySelector('pruning-playground').cloneNode();
    embedded.removeAttribute('hash');
    embedded.setAttribute('seed', '9');
    document.body.append(embedded);
  });
  const second = new Widget(page, page.locator('pruning-playground').last());
  await second.part('share').click();
  await second.until((root) => (root.querySelector('[data-testid="share-link"]')?.value ?? '') !== '');
  const link = await second.part('share-link').inputValue();
  assert.equal(link.split('#')[0], SITE);
  assert.equal(settingsOf(new URL(link).hash).seed, '9');
  assert.deepEqual(faults, []);
  await page.close();
});

test('what an address gets wrong falls back to the default, and a notice names it', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#seed=-1&widths=8&sparsity=2&colour=red&batch=64' });
  const notice = widget.part('notices').locator('[data-key="setting-rejected"]');
  for (const wrong of ['seed=-1', 'widths=8', 'sparsity=2', 'colour=red']) assert.match(await notice.textContent(), new RegExp(wrong, 'u'));
  assert.equal(await widget.part('network').textContent(), '8 + 16 filters');
  assert.equal(await widget.value('requested'), 0);
  await widget.part('settings').click();
  assert.equal(await widget.part('setting-seed').inputValue(), '1');
  assert.equal(await widget.part('setting-batch').inputValue(), '64');
  // A hash written by hand later is read likewise.
  await page.evaluate(() => { location.hash = '#seed=5&sparsity=0.25'; });
  await widget.until((root) => root.querySelector('[data-testid="requested"]')?.getAttribute('data-value') === '0.25');
  assert.equal(await widget.part('setting-seed').inputValue(), '5');
  assert.deepEqual(faults, []);
  await page.close();
});

test('the files of the network hold the masks, weights and recipe of the state that is shown', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.part('share').click();
  await widget.until((root) => root.querySelector('[data-testid="save-recipe"]')?.disabled === true);
  await page.keyboard.press('Escape');
  await widget.run();
  await widget.untilAtLeast('step-count', 30);
  await widget.part('share').click();
  // Training rests first, and the file is that of the state where it rests.
  const dense = await download(page, widget.part('save-weights'));
  await page.keyboard.press('Escape');
  assert.equal(await widget.busy(), false);
  const at = await widget.value('step-count');
  assert.equal(dense.name, `pruning-playground-digits-step${at}-sparsity0.safetensors`);
  await widget.slideTo(75);
  const pruned = await widget.press('prune', 'pruned');
  await widget.part('share').click();
  const weights = await download(page, widget.part('save-weights'));
  const { header, tensor } = safetensors(weights.bytes);
  assert.equal(Number(header.__metadata__.step), at);
  const masks = ['conv1', 'conv2', 'fc'].map((layer) => tensor(`mask.${layer}`));
  const [total, kept] = [masks.reduce((sum, { length }) => sum + length, 0), masks.reduce((sum, mask) => sum + mask.reduce((a, b) => a + b), 0)];
  assert.equal(1 - kept / total, pruned.sparsity);
  masks.forEach((mask, i) => {
    const values = new Float32Array(new Uint8Array(tensor(`${['conv1', 'conv2', 'fc'][i]}.weight`)).buffer);
    assert.ok(mask.every((keeps, j) => keeps === 1 || values[j] === 0));
  });
  const recipe = await download(page, widget.part('save-recipe'));
  assert.match(recipe.name, /recipe-one-shot\.json$/u);
  assert.deepEqual(JSON.parse(recipe.bytes.toString()).plan, { kind: 'one-shot', train: at, sparsity: 0.75, fineTune: 0 });
  assert.deepEqual(faults, []);
  await page.close();
});

test('every chart has its figures as a table and CSV, which agree, and its picture as PNG', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.run();
  await widget.untilAtLeast('step-count', 60);
  await widget.pause();
  await widget.untilAtLeast('curve-readout', 33, 60_000);
  await widget.slideTo(50);
  for (const name of ['curve', 'states', 'history', 'histogram', 'filters']) {
    await widget.part(`sheet-${name}`).click();
    const table = await widget.part(`table-${name}`).evaluate((element) => [
      [...element.tHead.rows[0].cells].map((cell) => cell.dataset.column),
      ...[...element.tBodies[0].rows].map(({ cells }) => [...cells].map((cell) => cell.dataset.value ?? '')),
    ]);
    assert.ok(table.length > 1, name);
    const { name: file, bytes } = await download(page, widget.part(`csv-${name}`));
    assert.match(file, new RegExp(`^pruning-playground-digits-seed1-step\\d+-${name}\\.csv$`, 'u'));
    assert.deepEqual(bytes.toString().trimEnd().split('\r\n').map((line) => line.split(',')), table);
    if (name !== 'states') {
      const picture = await download(page, widget.part(`png-${name}`));
      assert.match(picture.name, new RegExp(`-${name}\\.png$`, 'u'));
      await assertDrawn(page, picture.bytes, await boxOf(widget, name));
    }
    await page.keyboard.press('Escape');
  }
  const rows = await widget.part('table-filters').locator('tbody tr').evaluateAll((all) => all.map(({ cells }) => Number(cells[3].dataset.value)));
  assert.equal(rows.reduce((a, b) => a + b), await widget.value('kept'));
  assert.deepEqual(faults, []);
  await page.close();
});

/** The size of what is drawn on the page. */
function boxOf(widget, name) {
  const selector = { curve: '.curve .chart', history: '.history .chart', histogram: '.histogram .surface', filters: '.layer.conv1 .surface' }[name];
  return widget.root.locator(selector).boundingBox();
}

/** At twice the size of the page, on a ground that is opaque, and not of one colour. */
async function assertDrawn(page, bytes, box) {
  const seen = await page.evaluate(async (data) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(data)], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
    return { width: image.width, height: image.height, colours: new Set(pixels).size, opaque: pixels.every((pixel) => pixel >>> 24 === 255) };
  }, [...bytes]);
  assert.ok(seen.width >= 2 * Math.floor(box.width) && seen.height >= 2 * Math.floor(box.height), JSON.stringify({ seen, box }));
  assert.ok(seen.opaque && seen.colours > 10, JSON.stringify(seen));
}
