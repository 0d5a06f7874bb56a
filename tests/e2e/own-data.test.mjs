// A person's own images: a folder or zip becomes a data set; a drawn, dropped or chosen picture is classified live.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { launch, open } from './browser.mjs';

const CLASSES = ['circles', 'lines', '方块'];
const PER_CLASS = 30;
const QUICK = '?backend=cpu#learning-rate=0.01';

let browser;
/** @type {Record<string, Uint8Array>} Pictures of three classes that are easily told apart, by path. */
let pictures;

before(async () => {
  browser = await launch();
  pictures = await makePictures();
});
after(() => browser.close());

/** Paints pictures of 48x40 and has the browser write them as png. */
async function makePictures() {
  const page = await browser.newPage();
  const painted = await page.evaluate(async ({ classes, count }) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 48, height: 40 });
    const context = canvas.getContext('2d');
    const paint = [
      (x, y) => { context.beginPath(); context.arc(x, y, 9, 0, 7); context.fill(); },
      (x, y) => { for (let i = -12; i <= 12; i += 6) context.fillRect(4, y + i, 40, 2); },
      (x, y) => context.fillRect(x - 9, y - 9, 18, 18),
    ];
    const all = [];
    for (const [label, name] of classes.entries()) {
      for (let i = 0; i < count; i += 1) {
        context.fillStyle = '#e8e8e8';
        context.fillRect(0, 0, 48, 40);
        context.fillStyle = ['#c03020', '#2050c0', '#30a040'][label];
        paint[label](20 + (i * 5) % 9, 16 + (i * 3) % 8);
        const blob = await new Promise((resolve) => { canvas.toBlob(resolve); });
        all.push([`${name}/${i}.png`, [...new Uint8Array(await blob.arrayBuffer())]]);
      }
    }
    return all;
  }, { classes: CLASSES, count: PER_CLASS });
  await page.close();
  return Object.fromEntries(painted.map(([path, bytes]) => [path, Uint8Array.from(bytes)]));
}

/** @param {Record<string, Uint8Array>} files */
const under = (folder, files) => Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${folder}/${path}`, bytes]));

/**
 * Runs with files written into a folder of their own.
 * @param {Record<string, Uint8Array>} files
 * @param {(folder: string) => Promise<void>} use
 */
async function withFolder(files, use) {
  const folder = await mkdtemp(join(tmpdir(), 'own-data-'));
  try {
    for (const [path, bytes] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const zipFile = (files) => ({ name: 'mine.zip', mimeType: 'application/zip', buffer: Buffer.from(zipSync(files)) });

/** Waits for a run on own images with so many pictures for testing. */
async function untilOwn(widget, test) {
  await widget.until((root, wanted) => root.querySelector('[data-testid="setting-dataset"]')?.value === 'own'
    && Number(root.querySelector('[data-testid="accuracy-samples"]')?.getAttribute('data-value')) === wanted
    && root.querySelector('[data-testid="step-count"]')?.getAttribute('data-value') === '0'
    && root.querySelector('[data-testid="awaiting-files"]')?.hidden === true, test);
}

async function untilNotice(widget, ...words) {
  await widget.until((root, all) => [...root.querySelectorAll('.notice')].some(({ textContent }) => all.every((word) => textContent.includes(word))), words);
}

async function untilAnswered(widget) {
  await widget.until((root) => root.querySelector('[data-testid="pad-answer"] span')?.hasAttribute('data-value') === true
    && root.querySelector('[data-testid="pad-answer"]').parentElement.hidden === false);
}

/** Races one method over two seeds on the data in hand. */
async function race(widget) {
  await widget.part('compare').click();
  for (const [name, value] of [['seeds', 2], ['steps', 60], ['tune', 0]]) await widget.part(`race-${name}`).fill(String(value));
  for (const criterion of ['random', 'taylor']) await widget.part(`race-${criterion}`).uncheck();
  await widget.part('race-start').click();
  await widget.until((root) => root.querySelector('[data-testid="race-status"]')?.getAttribute('data-stage') === 'done', undefined, 120_000);
  const dense = widget.part('race-table').locator('tbody tr').first().locator('[data-column="cut"]');
  assert.ok(Number(await dense.getAttribute('data-value')) > 0.9);
  await widget.part('compare-close').click();
}

/** The likeliest classes and their probabilities. */
const answers = (widget) => widget.part('pad-answer').evaluateAll((rows) => rows.filter(({ hidden }) => !hidden).map((row) => ({
  name: row.querySelector('b').textContent, share: Number(row.querySelector('span').dataset.value),
})));

/** Draws lines with the mouse, in the units of the pad. */
async function draw(page, widget, ...lines) {
  const { x, y, width } = await widget.part('pad').boundingBox();
  for (const [first, ...rest] of lines) {
    await page.mouse.move(x + first[0] * width, y + first[1] * width);
    await page.mouse.down();
    for (const [right, down] of rest) await page.mouse.move(x + right * width, y + down * width, { steps: 12 });
    await page.mouse.up();
  }
}

test('a folder of pictures, one folder a class, is trained on to more than 90%, and outlives a dead worker and other settings', async () => {
  const { page, widget, faults } = await open(browser, { path: `${QUICK}&dataset=own`, ready: false });
  await widget.until((root) => root.querySelector('[data-testid="awaiting-files"]')?.hidden === false, undefined, 120_000);
  const extra = { 'notes.txt': strToU8('mine'), 'circles/.hidden.png': strToU8('no'), '__MACOSX/circles/._0.png': strToU8('no') };
  await withFolder({ ...under('pets', pictures), ...under('pets', extra) }, async (folder) => {
    await widget.part('own-folder-input').setInputFiles(join(folder, 'pets'));
    await untilOwn(widget, 18);
    await untilNotice(widget, '90 pictures in 3 classes');
  });
  await widget.run();
  await widget.untilAtLeast('step-count', 60, 120_000);
  await widget.pause();
  assert.ok(await widget.value('accuracy') > 0.9, `accuracy ${await widget.value('accuracy')}`);
  // The folder is gone by now: the pictures are the page's own.
  const [step, accuracy] = [await widget.value('step-count'), await widget.value('accuracy')];
  await page.workers()[0].evaluate(() => self.close());
  await untilNotice(widget, 'Restored at step');
  await widget.untilReady();
  assert.deepEqual([await widget.value('step-count'), await widget.value('accuracy')], [step, accuracy]);
  await widget.part('network').click();
  await widget.part('setting-widths').selectOption('16,32');
  await widget.part('network-close').click();
  await widget.until((root) => root.querySelector('[data-testid="accuracy-samples"]')?.getAttribute('data-value') === '18'
    && root.querySelector('[data-testid="step-count"]')?.getAttribute('data-value') === '0');
  assert.equal(await widget.part('setting-dataset').inputValue(), 'own');
  await race(widget);
  assert.deepEqual(faults, []);
  await page.close();
});

test('a zip is read as a folder is, and what is wrong with one is told while the run goes on', async () => {
  const { page, widget, faults } = await open(browser, { path: QUICK });
  await widget.part('setting-dataset').selectOption('own');
  await widget.until((root) => root.querySelector('[data-testid="awaiting-files"]')?.hidden === false);
  const choose = (file) => widget.part('own-zip-input').setInputFiles(file);
  const { y, height } = await widget.part('own-zip').boundingBox();
  const pruning = await widget.part('method').boundingBox();
  assert.ok(y + height <= pruning.y, 'what to do is on the screen');
  const of = (label) => Object.fromEntries(Object.entries(pictures).filter(([path]) => path.startsWith(CLASSES[label])));
  await choose({ name: 'mine.zip', mimeType: 'application/zip', buffer: Buffer.from('not a zip at all') });
  await untilNotice(widget, 'not a zip');
  const whole = zipFile(pictures);
  await choose({ ...whole, buffer: whole.buffer.subarray(0, whole.buffer.length >> 1) });
  await untilNotice(widget, 'damaged or cut short');
  await choose(zipFile(of(0)));
  await untilNotice(widget, 'only one class, circles');
  await choose(zipFile({ 'a/notes.txt': strToU8('mine') }));
  await untilNotice(widget, 'no pictures');
  await choose(zipFile({ ...of(0), 'lines/0.png': pictures['lines/0.png'] }));
  await untilNotice(widget, 'Class lines', ': 1.');
  await choose(zipFile({ 'a/x.png': strToU8('text'), 'b/y.png': strToU8('text') }));
  await untilNotice(widget, 'None of its pictures', 'a/x.png');
  const many = Array.from({ length: 60 }, (_, i) => Object.entries(pictures).map(([path, bytes]) => [path.replace('/', `/${i}-`), bytes])).flat();
  await choose({ ...whole, buffer: Buffer.from(zipSync(Object.fromEntries(many), { level: 0 })) });
  await widget.part('own-cancel').click();
  await widget.until((root) => root.querySelector('[data-testid="own-cancel"]').parentElement.hidden);
  assert.equal(await widget.value('accuracy-samples'), 360);
  const broken = { 'lines/broken.png': strToU8('text'), 'cover.png': pictures['lines/0.png'] };
  await choose(zipFile(under('top', { ...pictures, ...broken })));
  await untilOwn(widget, 18);
  await untilNotice(widget, 'can not be read as pictures: 1 (top/lines/broken.png)');
  await untilNotice(widget, 'in no class folder: 1');
  assert.deepEqual(faults, []);
  await page.close();
});

test('a dropped folder becomes the data set, and a dropped picture is classified', async () => {
  const { page, widget, faults } = await open(browser, { path: QUICK });
  const devtools = await page.context().newCDPSession(page);
  const drop = async (...files) => {
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) await devtools.send('Input.dispatchDragEvent', { type, x: 600, y: 300, data });
  };
  await withFolder(pictures, async (folder) => {
    await drop(...CLASSES.map((name) => join(folder, name)));
    await untilOwn(widget, 18);
    await widget.run();
    await widget.untilAtLeast('step-count', 60, 120_000);
    await widget.pause();
    await drop(join(folder, 'circles/3.png'));
    await untilAnswered(widget);
    const [first] = await answers(widget);
    assert.equal(first.name, 'circles');
    assert.ok(first.share > 0.5);
    await drop(join(folder, 'circles/3.png'), join(folder, 'lines/3.png'));
    await untilNotice(widget, 'drop it alone');
  });
  assert.deepEqual(faults, []);
  await page.close();
});

test('a drawn digit is classified while it is drawn and while the slider moves', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.run();
  await widget.untilAtLeast('step-count', 600, 120_000);
  await widget.pause();
  await widget.part('pad-open').click();
  await draw(page, widget, [[0.5, 0.15], [0.5, 0.85]]);
  await untilAnswered(widget);
  await widget.until((root) => root.querySelector('[data-testid="pad-answer"] b').textContent === '1');
  await widget.part('pad-clear').click();
  await widget.until((root) => root.querySelector('[data-testid="pad-answer"]').parentElement.hidden);
  await draw(page, widget, [[0.25, 0.2], [0.75, 0.2], [0.45, 0.85]]);
  await untilAnswered(widget);
  await widget.until((root) => root.querySelector('[data-testid="pad-answer"] b').textContent === '7');
  const dense = await answers(widget);
  await widget.slideTo(100);
  await widget.until((root, before) => Math.abs(Number(root.querySelector('[data-testid="pad-answer"] span').dataset.value) - before) > 0.05, dense[0].share);
  assert.equal(await widget.part('pad-panel').isVisible(), true);
  await widget.slideTo(0);
  await widget.until((root, before) => Number(root.querySelector('[data-testid="pad-answer"] span').dataset.value) === before, dense[0].share);
  assert.deepEqual(await answers(widget), dense);
  // While training, the answer is that of the weights as they become.
  await widget.run();
  await widget.until((root, before) => Number(root.querySelector('[data-testid="pad-answer"] span').dataset.value) !== before, dense[0].share);
  await widget.pause();
  assert.deepEqual(faults, []);
  await page.close();
});

test('without a pointer, a test image or a file is classified, and Escape closes the panel', async () => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.part('pad-open').press('Enter');
  await widget.part('pad-example').press('Enter');
  await untilAnswered(widget);
  await widget.part('pad-file').setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('text') });
  await untilNotice(widget, 'notes.png can not be read');
  await widget.part('pad-file').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(pictures['circles/0.png']) });
  await untilAnswered(widget);
  await widget.part('pad-clear').press('Escape');
  assert.equal(await widget.part('pad-panel').isVisible(), false);
  assert.deepEqual(faults, []);
  await page.close();
});
