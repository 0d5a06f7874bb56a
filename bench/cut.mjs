// What pruning buys in this project's bundle, in one headless Chromium: the forward pass dense, masked, rebuilt smaller and
// skipping zeros, and the bytes of the files, gzipped.
//
//     node bench/cut.mjs --dist dist [--sizes 8/16,64/128] [--backend cpu] [--rounds 15] [--json FILE]

import { createServer } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import sirv from 'sirv';

const SPARSITIES = [0, 0.5, 0.75, 0.9, 0.95, 0.98];

const { values: options } = parseArgs({
  options: {
    dist: { type: 'string', default: 'dist' },
    sizes: { type: 'string', default: '8/16,64/128' },
    backend: { type: 'string', default: 'cpu' },
    rounds: { type: 'string', default: '15' },
    json: { type: 'string' },
  },
});

/** Images in a pass: as many as make one long enough to be timed, and no longer than a sample needs. */
const imagesOf = (w1) => (w1 > 16 ? 16 : 128);

const CUTS = [
  ...SPARSITIES.map((sparsity) => ({ granularity: 'weight', sparsity })),
  { granularity: '2:4', sparsity: 0.5 },
  ...SPARSITIES.slice(1).map((sparsity) => ({ granularity: 'filter', sparsity })),
];

const kilobytes = (bytes) => (bytes / 1e3).toFixed(1);

function rowOf(size, { granularity }, { sparsity, macs, timings, encoded, gzip }) {
  const dense = timings.find(({ way }) => way === 'dense');
  const time = (way) => {
    const found = timings.find((timing) => timing.way === way);
    return found ? `${found.ms.toFixed(2)} [${found.low.toFixed(2)}-${found.high.toFixed(2)}] ${(dense.ms / found.ms).toFixed(1)}x` : '-';
  };
  const bytes = (way, encoding) => {
    const at = encoded.findIndex((file) => file.way === way && file.encoding === encoding);
    return at < 0 ? '-' : kilobytes(gzip[at]);
  };
  return [
    size, granularity, `${(100 * sparsity).toFixed(1)}%`, `${(100 * macs).toFixed(1)}%`, macs > 0 ? `${(1 / macs).toFixed(1)}x` : '-',
    time('dense'), time('masked'), time('compacted'), time('sparse'),
    bytes('dense', 'dense'), bytes('masked', 'dense'), bytes('masked', 'csr'), bytes('masked', 'bitmap'), bytes('compacted', 'dense'),
  ];
}

const HEAD = [
  'filters', 'cut', 'sparse', 'MACs left', 'on paper', 'dense, ms', 'masked', 'rebuilt', 'zeros skipped',
  'kB dense', 'masked', 'CSR', 'bitmap', 'rebuilt',
];

const server = createServer(sirv(options.dist, { dev: true }));
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-webgpu-adapter=swiftshader', '--no-first-run', '--disable-background-networking'],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/bench.html`);
  const results = [];
  console.log(`${browser.version()}, ${options.backend}: median [5th-95th percentile] of ${options.rounds} samples in turns, and how many times as fast as dense; kilobytes gzipped\n`);
  console.log(`${HEAD.join(' | ')}\n${HEAD.map(() => '---').join(' | ')}`);
  for (const size of options.sizes.split(',')) {
    const [w1, w2] = size.split('/').map(Number);
    for (const cut of CUTS) {
      const work = { backend: options.backend, w1, w2, images: imagesOf(w1), rounds: Number(options.rounds), ...cut };
      const figures = await page.evaluate((one) => window.benchCut(one), work);
      results.push({ size, ...cut, figures });
      console.log(rowOf(size, cut, figures).join(' | '));
    }
  }
  if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 1)}\n`);
} finally {
  await browser.close();
  server.close();
}
