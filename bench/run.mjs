// Measures this project's bundles and its peers in one headless Chromium, in turns, and prints medians, spread and ratios.
//
//     node bench/run.mjs --dist dist [--sizes 8/16,64/128] [--batches 32,64] [--only cpu,jax-wasm] [--rounds 3] [--json FILE]

import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { parseArgs, promisify } from 'node:util';
import { chromium } from 'playwright-core';
import sirv from 'sirv';
import { CONTENDERS } from './contenders.mjs';
import { table } from './report.mjs';
import { startUp } from './start-up.mjs';

const { values: options } = parseArgs({
  options: {
    dist: { type: 'string', default: 'dist' },
    sizes: { type: 'string', default: '8/16,64/128' },
    batches: { type: 'string', default: '32,64' },
    only: { type: 'string', default: CONTENDERS.map(({ name }) => name).join(',') },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
    hardware: { type: 'boolean', default: false },
  },
});

const here = (path) => new URL(path, import.meta.url).pathname;
const chosen = options.only.split(',').map((name) => {
  const contender = CONTENDERS.find((one) => one.name === name);
  if (!contender) throw new Error(`${name} is none of ${CONTENDERS.map((one) => one.name).join(', ')}`);
  return contender;
});

/** The peers as two modules, and TensorFlow.js's WebAssembly beside them. */
async function buildPeers() {
  const out = here('build');
  const peers = ['jax', 'tf'].map((name) => here(`peers/${name}.js`));
  await build({ entryPoints: peers, outdir: out, bundle: true, format: 'esm', minify: true, external: ['fs', 'path', 'worker_threads', 'perf_hooks', 'os'], logLevel: 'error' });
  for (const name of ['tfjs-backend-wasm', 'tfjs-backend-wasm-simd', 'tfjs-backend-wasm-threaded-simd']) {
    await cp(here(`node_modules/@tensorflow/tfjs-backend-wasm/dist/${name}.wasm`), `${out}/wasm/${name}.wasm`);
  }
  return out;
}

/** `dist/` and the peers on one origin. */
async function serve() {
  const site = sirv(options.dist, { dev: true });
  const peers = sirv(await buildPeers(), { dev: true });
  const server = createServer((request, response) => site(request, response, () => peers(request, response, () => {
    // A page of its own for each peer.
    response.writeHead(request.url === '/peer' ? 200 : 404, { 'content-type': 'text/html' }).end('<!doctype html><title>peer</title>');
  })));
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}

function launch() {
  const adapter = options.hardware ? [] : ['--use-webgpu-adapter=swiftshader'];
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan', '--no-first-run', '--disable-background-networking', ...adapter],
  });
}

/** One sample of one contender, on a page that it keeps. */
async function sample(page, contender, work) {
  if (contender.native) return sampleNative(work);
  try {
    return await page.evaluate(contender.measure, { ...work, backend: contender.backend, module: contender.module });
  } catch (error) {
    return { failed: String(error.message).split('\n')[0] };
  }
}

/** PyTorch, by the interpreter that Debian's packages are for or the first in the path. */
async function sampleNative({ w1, w2, batch, steps }) {
  const words = [here('torch_native.py'), w1, w2, batch, steps].map(String);
  for (const python of [process.env.PYTHON, '/usr/bin/python3', 'python3'].filter(Boolean)) {
    try {
      return JSON.parse((await promisify(execFile)(python, words)).stdout);
    } catch { /* The next one may have PyTorch. */ }
  }
  return { failed: 'no Python here has PyTorch' };
}

const { server, url } = await serve();
const browser = await launch();
const results = [];
try {
  const pages = new Map();
  for (const contender of chosen.filter(({ native }) => !native)) {
    const page = await browser.newPage();
    await page.goto(new URL(contender.page, url).href);
    pages.set(contender, page);
  }
  const own = await browser.newPage();
  await own.goto(new URL('bench.html', url).href);
  // The browser compiles the loop for speed only after it has run for a while.
  let peak = 0;
  for (let i = 0; i < 6; i += 1) peak = Math.max(peak, await own.evaluate(() => window.peak()));
  for (const size of options.sizes.split(',')) {
    for (const batch of options.batches.split(',').map(Number)) {
      const [w1, w2] = size.split('/').map(Number);
      const rows = new Map(chosen.map((contender) => [contender, { name: contender.name, size, batch, step: [], forward: [] }]));
      for (let round = 0; round < Number(options.rounds); round += 1) {
        for (const contender of chosen) {
          const row = rows.get(contender);
          if (row.failed) continue;
          const figures = await sample(pages.get(contender), contender, { w1, w2, batch, steps: contender.steps(w1) });
          process.stderr.write(`${size} batch ${batch} round ${round + 1} ${contender.name}: ${figures.failed ?? `step ${figures.step.map((ms) => ms.toFixed(1)).join(' ')} forward ${figures.forward.map((ms) => ms.toFixed(1)).join(' ')}`}\n`);
          if (figures.failed) row.failed = figures.failed;
          else if (figures.learns === false) row.failed = 'it does not learn';
          else {
            row.step.push(...figures.step);
            row.forward.push(...figures.forward);
          }
        }
      }
      results.push(...rows.values());
    }
  }
  const start = await startUp(browser, url);
  const report = { date: new Date().toISOString(), browser: browser.version(), peakGigaflops: peak, results, startUp: start };
  console.log(table(report));
  if (options.json) await writeFile(options.json, `${JSON.stringify(report, null, 1)}\n`);
} finally {
  await browser.close();
  server.close();
}
