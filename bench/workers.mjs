// Training spread over workers, in one headless Chromium: images a second by one and by more, in turns on one page; what is sent;
// and what a bound on staleness does to speed and loss when one worker is slow.
//
//     node bench/workers.mjs --dist dist [--sizes 8/16,64/128] [--workers 1,2] [--batches 64] [--rounds 3] [--seconds 8] [--json FILE]

import { createServer } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import sirv from 'sirv';
import { quantile } from '../www/model/quantile.js';

const { values: options } = parseArgs({
  options: {
    dist: { type: 'string', default: 'dist' },
    sizes: { type: 'string', default: '8/16,64/128' },
    batches: { type: 'string', default: '64' },
    workers: { type: 'string', default: '1,2' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    json: { type: 'string' },
  },
});
const numbers = (text) => text.split(',').map(Number);
const median = (values) => quantile(values, 0.5);
const table = (head, rows) => [head, head.map(() => '---'), ...rows].forEach((row) => console.log(`| ${row.join(' | ')} |`));

/** The version that the page in `dist` is of. */
const [, version] = /v\/([0-9a-f]+)\//u.exec(await readFile(`${options.dist}/index.html`, 'utf8'));
const server = createServer(sirv(options.dist, { dev: true }));
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const site = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});

async function open(settings) {
  const page = await browser.newPage();
  await page.goto(`${site}#autoplay=off&backend=cpu&${settings}`);
  await page.evaluate(() => customElements.whenDefined('pruning-playground').then(() => document.querySelector('pruning-playground').ready));
  return page;
}

/** Images a second on the page, reports, previews and drawing and all, after the workers have warmed up. */
const onThePage = (page, workers, batch) => page.evaluate(async ([count, images, seconds]) => {
  const element = document.querySelector('pruning-playground');
  const rest = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  /** A step's end: the time between two of them holds whole steps. */
  const edge = async () => {
    const { step } = element.snapshot();
    while (element.snapshot().step === step) await rest(1);
    return { step: element.snapshot().step, time: performance.now() };
  };
  await element.configure({ workers: count });
  element.run();
  await rest(3000);
  const from = await edge();
  await rest(seconds * 1000);
  const to = await edge();
  await element.pause();
  return (to.step - from.step) * images / (to.time - from.time) * 1000;
}, [workers, batch, Number(options.seconds)]);

/** A page that starts the session's worker, and draws nothing of what it tells. */
async function openBare(widths, batch) {
  const page = await browser.newPage();
  await page.goto(`${site}bench.html`);
  await page.evaluate(async ([script, config]) => {
    const worker = new Worker(script, { type: 'module' });
    const heard = Promise.withResolvers();
    const bare = { step: 0, send: (command) => worker.postMessage({ kind: 'command', command, bulk: {}, files: [] }) };
    worker.onmessage = ({ data }) => {
      if (data.kind === 'backend') heard.resolve();
      for (const { event } of data.messages ?? []) {
        if (event.type === 'trained') bare.step = event.step;
        if (event.type === 'error') throw new Error(event.message);
      }
    };
    worker.postMessage({ kind: 'start', backend: 'cpu', alone: true, lock: 'bench' });
    worker.postMessage({ kind: 'module', module: null });
    await heard.promise;
    bare.send({ type: 'configure', runId: 1, config });
    globalThis.bare = bare;
  }, [`${site}v/${version}/www/worker.js`, {
    dataset: 'shapes', noise: 0.3, trainLimit: 0, widths, batch, learningRate: 0.001, seed: 1,
    method: { criterion: 'magnitude', scope: 'global', granularity: 'weight', scoreBatch: 256, spareClassifier: false, neverEmpty: false },
  }]);
  return page;
}

/** Images a second of the session's worker and its workers, reports and all, but nothing drawn. */
const bare = (page, workers, batch) => page.evaluate(async ([count, images, seconds]) => {
  const session = globalThis.bare;
  const rest = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  const edge = async () => {
    const { step } = session;
    while (session.step === step) await rest(1);
    return { step: session.step, time: performance.now() };
  };
  session.send({ type: 'parallel', plan: { workers: count, asynchronous: false, gradientShare: 1, straggler: 1, megabits: 0 } });
  session.send({ type: 'run' });
  await rest(3000);
  const from = await edge();
  await rest(seconds * 1000);
  const to = await edge();
  session.send({ type: 'pause' });
  await rest(500);
  return (to.step - from.step) * images / (to.time - from.time) * 1000;
}, [workers, batch, Number(options.seconds)]);

const speeds = [];
try {
  console.log(`${browser.version()}, ${(await (await browser.newPage()).evaluate(() => navigator.hardwareConcurrency))} cores\n`);
  for (const size of options.sizes.split(',')) {
    for (const batch of numbers(options.batches)) {
      const widths = size.split('/').map(Number);
      const pages = [
        ['training alone', await openBare(widths, batch), bare],
        ['on the page', await open(`dataset=shapes&widths=${widths.join(',')}&batch=${batch}`), onThePage],
      ];
      const counts = numbers(options.workers);
      for (const [what, page, measure] of pages) {
        const samples = counts.map(() => []);
        await page.bringToFront();
        for (let round = 0; round < Number(options.rounds); round += 1) {
          for (const [i, workers] of counts.entries()) samples[i].push(await measure(page, workers, batch));
        }
        await page.close();
        counts.forEach((workers, i) => speeds.push({
          size, batch, what, workers, imagesPerSecond: median(samples[i]), low: Math.min(...samples[i]), high: Math.max(...samples[i]),
          ratio: median(samples[i].map((sample, round) => sample / samples[0][round])),
        }));
      }
    }
  }
  table(['filters', 'batch', '', 'workers', 'images/s', 'range', 'of one'], speeds.map(({ size, batch, what, workers, imagesPerSecond, low, high, ratio }) => [
    size, batch, what, workers, imagesPerSecond.toFixed(0), `${low.toFixed(0)}-${high.toFixed(0)}`, `${ratio.toFixed(2)}x`,
  ]));

  console.log('\nDigits, 8/16, four workers of which one is 8 times slower on the simulated clock; 400 updates:\n');
  const bounds = [['synchronous', 0], ['asynchronous', 0], ['asynchronous', 2], ['asynchronous', 8], ['asynchronous', -1]];
  const late = [];
  for (const [exchange, staleness] of bounds) {
    const page = await open(`workers=4&straggler=8&exchange=${exchange}&staleness=${staleness}&fine-tune-steps=400`);
    late.push({ exchange, staleness, ...await page.evaluate(async () => {
      const element = document.querySelector('pruning-playground');
      await element.fineTune();
      const { points, currentPoint } = element.snapshot();
      const { accuracy, loss } = points.find(({ id }) => id === currentPoint);
      element.shadowRoot.querySelector('[data-testid="workers"]').click();
      await new Promise((resolve) => { setTimeout(resolve, 300); });
      const text = (name) => element.shadowRoot.querySelector(`[data-testid="${name}"]`);
      return { accuracy: accuracy.value, loss, speedUp: Number(text('workers-speed').dataset.value), updates: text('lanes').dataset.staleness };
    }) });
    await page.close();
  }
  table(['exchange', 'bound', 'speed of one', 'test loss', 'accuracy', 'updates by staleness'], late.map(({ exchange, staleness, speedUp, loss, accuracy, updates }) => [
    exchange, exchange === 'synchronous' ? '' : staleness < 0 ? 'none' : staleness, `${speedUp.toFixed(2)}x`, loss.toFixed(3), `${(100 * accuracy).toFixed(1)}%`, updates,
  ]));
  if (options.json) await writeFile(options.json, `${JSON.stringify({ speeds, late }, null, 2)}\n`);
} finally {
  await browser.close();
  server.close();
}
