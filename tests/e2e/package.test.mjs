// The npm package, installed into an empty project: a page uses it, and TypeScript knows it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launch, open } from './browser.mjs';

const run = promisify(execFile);

/** Made by `cargo xtask package`. */
const { PACKAGE } = process.env;
const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
const CONSUMER = new URL('../types/consumer.ts', import.meta.url);

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json' };
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self'; img-src 'self' blob: data:";
const PAGE = `<!doctype html><html lang="en"><head><title>A lesson</title><link rel="icon" href="data:,">
<script type="module" src="node_modules/pruning-playground/www/pruning-playground.js"></script></head>
<body><pruning-playground backend="cpu" seed="3" autoplay="off"></pruning-playground></body></html>`;

let project;
before(async () => {
  assert.ok(PACKAGE, 'PACKAGE names the tarball that cargo xtask package makes');
  project = await mkdtemp(join(tmpdir(), 'project-'));
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'lesson', version: '1.0.0', type: 'module', private: true }));
  await run('npm', ['install', PACKAGE, '--ignore-scripts', '--offline', '--no-audit', '--no-fund'], { cwd: project });
});
after(() => rm(project, { recursive: true, force: true }));

/** @param {string} folder */
async function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = join(folder, path === '/' ? 'index.html' : path);
    const found = await stat(file).then((entry) => entry.isFile(), () => false);
    response.statusCode = found ? 200 : 404;
    response.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain');
    response.setHeader('content-security-policy', POLICY);
    if (found) createReadStream(file).pipe(response);
    else response.end();
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
  return { site: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

test('a page that loads it from node_modules trains', async () => {
  await writeFile(join(project, 'index.html'), PAGE);
  const server = await serve(project);
  const browser = await launch();
  const { page, faults } = await open(browser, { site: server.site });
  const after = await page.locator('pruning-playground').evaluate(async (playground) => {
    const { step, settings } = await playground.step();
    return [step, settings.seed];
  });
  assert.deepEqual(after, [1, 3]);
  assert.deepEqual(faults, []);
  await browser.close();
  server.close();
});

test('its entries resolve by name, and it says its version and licences', async () => {
  const script = "console.log(['pruning-playground', 'pruning-playground/embed-height', 'pruning-playground/package.json'].map((name) => import.meta.resolve(name)).join('\\n'))";
  const { stdout } = await run('node', ['--input-type=module', '-e', script], { cwd: project });
  const [element, height, description] = stdout.trim().split('\n').map(fileURLToPath);
  assert.match(element, /www.pruning-playground\.js$/u);
  assert.match(await readFile(height, 'utf8'), /data-pruning-playground/u);
  const { version, license, type } = JSON.parse(await readFile(description, 'utf8'));
  const cargo = await readFile(new URL('../../Cargo.toml', import.meta.url), 'utf8');
  assert.equal(version, /^version = "(.+)"$/mu.exec(cargo)?.[1]);
  assert.deepEqual([license, type], ['MIT OR Apache-2.0', 'module']);
  for (const file of ['README.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'licences/uplot.txt', 'embed.html']) {
    assert.ok((await stat(join(project, 'node_modules/pruning-playground', file))).isFile(), file);
  }
});

test('TypeScript knows the element, its settings and its events, and refuses what is wrong', async () => {
  await cp(CONSUMER, join(project, 'consumer.ts'));
  const flags = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom', '--types', '', '--ignoreConfig'];
  await run('node', [TSC, ...flags, 'consumer.ts'], { cwd: project }).catch(({ stdout }) => assert.fail(stdout));
});
