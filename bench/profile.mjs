// Where the time of training goes: the browser's own profile of the worker, as folded stacks (`a;b;c count`, the input of
// flame graph programs) on standard output.
//
//     node bench/profile.mjs --dist dist --names FILE.wasm [--widths 64/128] [--steps 40]
//
// A bundle is published without the names of its functions: FILE.wasm is the same module with them, and is served in its place.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import sirv from 'sirv';

const { values: options } = parseArgs({
  options: {
    dist: { type: 'string', default: 'dist' },
    names: { type: 'string' },
    widths: { type: 'string', default: '64/128' },
    steps: { type: 'string', default: '40' },
  },
});

/** Turns the profile events of one thread into folded stacks, by microseconds. */
function fold(chunks) {
  const nodes = new Map();
  const totals = new Map();
  for (const { cpuProfile, timeDeltas } of chunks) {
    for (const { id, parent, callFrame } of cpuProfile?.nodes ?? []) nodes.set(id, { parent, name: short(callFrame) });
    cpuProfile?.samples?.forEach((id, i) => {
      const stack = stackOf(nodes, id);
      totals.set(stack, (totals.get(stack) ?? 0) + (timeDeltas?.[i] ?? 0));
    });
  }
  return totals;
}

function stackOf(nodes, id) {
  const names = [];
  for (let node = nodes.get(id); node; node = nodes.get(node.parent)) names.unshift(node.name);
  return names.join(';');
}

/** Names of Rust functions without their hashes; the separators of a folded stack may not occur in one. */
function short({ functionName }) {
  return (functionName || '(anonymous)').replace(/::h[0-9a-f]{16}$/, '').replaceAll(';', ',').replaceAll(' ', '_');
}

/** The profile events of each thread of each process. */
function threads(events) {
  const byThread = new Map();
  for (const { name, pid, id, args } of events) {
    if (name !== 'ProfileChunk') continue;
    const key = `${pid}/${id}`;
    byThread.set(key, [...(byThread.get(key) ?? []), args.data]);
  }
  return [...byThread.values()];
}

const server = createServer(sirv(options.dist, { dev: true }));
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--no-first-run', '--disable-background-networking'] });
try {
  const context = await browser.newContext();
  const module = options.names && await readFile(options.names);
  if (module) await context.route('**/cpu/playground_bg*.wasm', (route) => route.fulfill({ body: module, contentType: 'application/wasm' }));
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/bench.html`);
  const [w1, w2] = options.widths.split('/').map(Number);
  const work = { backend: 'cpu', w1, w2, batch: 32, steps: Number(options.steps) };
  await page.evaluate((warm) => window.bench(warm), { ...work, steps: 3 });
  await browser.startTracing(page, { categories: ['disabled-by-default-v8.cpu_profiler'] });
  const result = await page.evaluate((all) => window.bench(all), work);
  const trace = JSON.parse((await browser.stopTracing()).toString());
  const busiest = threads(trace.traceEvents).map(fold).map((stacks) => [...stacks].filter(([stack]) => stack.includes('wasm') || stack.includes('bench')))
    .sort((a, b) => b.length - a.length)[0] ?? [];
  for (const [stack, time] of busiest) if (time > 0) console.log(`${stack} ${Math.round(time)}`);
  process.stderr.write(`a step: ${result.msPerStep.toFixed(1)} ms; a forward pass of 256: ${result.msForward256.toFixed(1)} ms\n`);
} finally {
  await browser.close();
  server.close();
}
