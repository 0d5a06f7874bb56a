// Trains, prunes and fine-tunes in a real browser as a person would, and prints what came of it.
//
//   node tests/e2e/demo.mjs '{"url": "http://localhost:8080/", "dataset": "digits", "epochs": 15}'
//
// Further fields: chromium (path), files (absolute paths), backend, widths ([a, b]), network (a preset's name, with its paper's
// settings), criterion, scope, granularity,
// scoreBatch, seed, trainLimit, recipe (path of a recipe to follow in place of all else), json (where to write all figures),
// screenshot (where to write a picture of the page).

import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { presetOf } from '../../www/model/presets.js';
import { quantile } from '../../www/model/quantile.js';
import { SITE, SWIFTSHADER, launch, open } from './browser.mjs';
import { columns } from './columns.mjs';
import { followRecipe, pointLines } from './demo-recipe.mjs';

const OF_FILTERS = ['filter-l1', 'filter-l2', 'fpgm', 'activation'];
const SWEEP = [0, 10, 20, 30, 40, 50, 60, 70, 80, 85, 90, 95, 98, 99, 100];
const TUNED = [50, 80, 90, 95];
const PREVIEWS = 100;
const HOUR = 3_600_000;

const DEFAULTS = {
  url: SITE, chromium: undefined, dataset: 'digits', files: [], backend: 'auto', epochs: 15, widths: [8, 16], network: 'two-conv',
  criterion: 'magnitude', scope: null, granularity: null, scoreBatch: 256, seed: 1, trainLimit: 0, recipe: null, json: null, screenshot: null,
};

const say = (line) => process.stderr.write(`${line}\n`);
const percent = (share) => `${(100 * share).toFixed(1)}%`;

async function main() {
  const options = { ...DEFAULTS, ...JSON.parse(process.argv[2] ?? '{}') };
  options.granularity ??= OF_FILTERS.includes(options.criterion) ? 'filter' : 'weight';
  options.scope ??= options.granularity === 'filter' ? 'layer' : 'global';
  // A software adapter is of use only where WebGPU was asked for by name.
  const args = options.backend === 'webgpu' ? SWIFTSHADER : [];
  const browser = await launch({ args, executablePath: options.chromium ?? undefined });
  try {
    await demonstrate(browser, options);
  } finally {
    await browser.close();
  }
}

async function demonstrate(browser, options) {
  const { page, widget, faults } = await open(browser, { site: options.url, path: hashOf(options), ready: false });
  await provideFiles(widget, options);
  await widget.untilReady(600_000);
  say(`computes on: ${await widget.part('backend').textContent()} (${await widget.part('backend-reason').textContent()})`);
  const results = options.recipe ? await followRecipe(widget, options.recipe, say) : await played(page, widget, options);
  if (options.screenshot) await page.screenshot({ path: options.screenshot });
  const report = {
    settings: options,
    backend: await widget.part('backend').getAttribute('data-value'),
    device: await widget.part('device').textContent(),
    userAgent: await page.evaluate(() => navigator.userAgent),
    versions: { browser: browser.version(), node: process.version },
    ...results, faults,
  };
  if (options.json) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${options.recipe ? recipeTable(report) : table(report)}\n`);
  if (faults.length > 0) throw new Error(`the page did what it must not:\n${faults.join('\n')}`);
}

/** Trains, drags, prunes and fine-tunes by hand. */
async function played(page, widget, options) {
  const training = await train(widget, options);
  const dense = await denseAccuracy(widget);
  say(`dense: ${percent(dense.accuracy)} of ${dense.samples} test images`);
  const latency = await previewLatency(page, widget);
  say(`preview latency: median ${latency.median.toFixed(1)} ms, p95 ${latency.p95.toFixed(1)} ms`);
  const rows = await sweep(widget);
  await tune(widget, rows);
  return { training, dense, latency, rows };
}

/** The settings as a person would find them in a shared link. */
function hashOf({ dataset, backend, widths, network, criterion, scope, granularity, scoreBatch, seed, trainLimit }) {
  const pairs = {
    dataset, backend, widths: widths.join(','), ...published(network), criterion, scope, granularity, 'score-batch': scoreBatch, seed, 'train-limit': trainLimit,
  };
  return `#${Object.entries(pairs).map(([name, value]) => `${name}=${value}`).join('&')}`;
}

/** A network with the settings that its paper trains it by. */
function published(network) {
  const known = presetOf(network);
  if (!known) throw new Error(`${network} is no preset`);
  return known.preset.published ? { network, ...known.preset.settings } : { network };
}

async function provideFiles(widget, { files, dataset }) {
  if (files.length === 0) return;
  await widget.until((root) => root.querySelector('[data-testid="awaiting-files"]')?.hidden === false, undefined, 600_000);
  say(`${dataset}: choosing ${files.map((file) => basename(file)).join(', ')}`);
  await widget.part('file-input').setInputFiles(files);
}

/** Presses Run, and Pause when the counter of epochs has come far enough. */
async function train(widget, { epochs }) {
  const from = performance.now();
  await widget.run();
  const progress = setInterval(async () => {
    const [epoch, loss, accuracy] = await Promise.all(['epoch', 'loss', 'accuracy'].map((name) => widget.value(name).catch(() => NaN)));
    say(`epoch ${epoch.toFixed(2)} of ${epochs}, loss ${loss.toPrecision(3)}, test accuracy ${percent(accuracy)}`);
  }, 2000);
  try {
    await widget.untilAtLeast('epoch', epochs, HOUR);
  } finally {
    clearInterval(progress);
  }
  const seconds = (performance.now() - from) / 1000;
  await widget.pause();
  const steps = await widget.value('step-count');
  return { epochs: await widget.value('epoch'), steps, seconds, msPerStep: (1000 * seconds) / Math.max(1, steps) };
}

/** The network's own accuracy, whatever the page previews, over the whole test set. */
async function denseAccuracy(widget) {
  await widget.until((root) => root.querySelector('[data-testid="accuracy-samples"]')?.getAttribute('data-value')
    === root.querySelector('[data-testid="preview-samples"]')?.getAttribute('data-of'), undefined, 600_000);
  return { accuracy: await widget.value('accuracy'), samples: await widget.value('accuracy-samples') };
}

/** Waits until the accuracy shown was measured over the whole test set. */
function refined(widget) {
  return widget.until((root) => {
    const samples = root.querySelector('[data-testid="preview-samples"]');
    const busy = root.querySelector('[data-testid="preview-accuracy"]')?.getAttribute('aria-busy');
    return busy === 'false' && samples?.getAttribute('data-value') === samples?.getAttribute('data-of');
  }, undefined, 600_000);
}

/** Milliseconds from the slider's input event to the new accuracy in the page, while the slider is dragged. */
async function previewLatency(page, widget) {
  await page.evaluate(() => {
    const root = document.querySelector('pruning-playground').shadowRoot;
    const find = (id) => root.querySelector(`[data-testid="${id}"]`);
    const number = (id, name) => Number(find(id).getAttribute(name));
    window.latencies = [];
    let since = null;
    find('slider').addEventListener('input', () => { since = performance.now(); });
    new MutationObserver(() => {
      if (since === null || number('requested', 'data-value') !== Number(find('slider').value) / 100) return;
      const pruned = number('kept', 'data-total') - number('kept', 'data-value');
      if (find('preview-accuracy').getAttribute('aria-busy') !== 'false' || number('preview-accuracy', 'data-pruned') !== pruned) return;
      window.latencies.push(performance.now() - since);
      since = null;
    }).observe(root, { subtree: true, attributes: true });
  });
  const { x, y, width, height } = await widget.part('slider').boundingBox();
  const place = (i) => x + 10 + (0.1 + 0.8 * ((i * 0.6180339887) % 1)) * (width - 20);
  await page.mouse.move(place(0), y + height / 2);
  await page.mouse.down();
  for (let i = 1; i <= PREVIEWS; i += 1) {
    await page.mouse.move(place(i), y + height / 2);
    await page.waitForFunction((count) => window.latencies.length >= count, i, { timeout: 60_000 });
  }
  await page.mouse.up();
  const times = await page.evaluate(() => window.latencies);
  return { count: times.length, median: quantile(times, 0.5), p95: quantile(times, 0.95), largest: Math.max(...times) };
}

async function sweep(widget) {
  const rows = [];
  for (const share of SWEEP) {
    await widget.slideTo(share, HOUR);
    rows.push(await measured(widget, share / 100));
    say(`${share}%: ${percent(rows.at(-1).sparsity)} sparse, ${percent(rows.at(-1).accuracy)} right`);
  }
  return rows;
}

/** What the page shows for the cut that it previews, over the whole test set. */
async function measured(widget, requested) {
  await refined(widget);
  return {
    requested,
    sparsity: await widget.value('sparsity'),
    threshold: await widget.part('threshold').textContent(),
    kept: await widget.value('kept'),
    accuracy: await widget.value('preview-accuracy'),
    samples: await widget.value('preview-samples'),
    tuned: null,
  };
}

/** Prunes for good at some sparsities, each time from the dense network, and fine-tunes for an epoch. */
async function tune(widget, rows) {
  for (const share of TUNED) {
    await widget.goBackTo('dense', HOUR);
    await widget.slideTo(share, HOUR);
    await widget.press('prune', 'pruned');
    await refined(widget);
    const pruned = await widget.value('preview-accuracy');
    await widget.press('fine-tune', 'fine-tuned', HOUR);
    await refined(widget);
    const tuned = await widget.value('preview-accuracy');
    const row = rows.find(({ requested }) => requested === share / 100);
    Object.assign(row, { accuracy: pruned, tuned });
    say(`${share}% pruned: ${percent(pruned)}, fine-tuned: ${percent(tuned)}`);
  }
}

function networkOf({ network, widths }) {
  return network === 'two-conv' ? `${widths.join(' + ')} filters` : network;
}

function recipeTable({ settings, backend, device, recipe, seconds, points }) {
  return [
    `${settings.dataset}, ${networkOf(settings)}, seed ${settings.seed}, on ${backend} (${device})`,
    `recipe: ${recipe.name}, ${seconds.toFixed(1)} s`,
    '',
    ...pointLines(points),
  ].join('\n');
}

function table({ settings, backend, device, training, dense, latency, rows }) {
  const lines = columns([
    ['sparsity', 'threshold', 'kept weights', 'accuracy, pruned', 'accuracy, fine-tuned'],
    ...rows.map(({ sparsity, threshold, kept, accuracy, tuned }) => [
      percent(sparsity), threshold, kept.toLocaleString('en'), percent(accuracy), tuned === null ? '—' : percent(tuned),
    ]),
  ]);
  return [
    `${settings.dataset}, ${networkOf(settings)}, ${settings.criterion} ${settings.scope} by ${settings.granularity}, seed ${settings.seed}, on ${backend} (${device})`,
    `dense: ${percent(dense.accuracy)} of ${dense.samples} test images after ${training.epochs.toFixed(1)} epochs, ${training.steps} steps, ${training.msPerStep.toFixed(1)} ms a step`,
    `preview of a move of the slider: median ${latency.median.toFixed(1)} ms, p95 ${latency.p95.toFixed(1)} ms of ${latency.count}`,
    '',
    ...lines,
  ].join('\n');
}

await main();
