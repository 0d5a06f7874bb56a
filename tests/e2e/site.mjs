// A copy of the built site on a server of its own, which can be replaced by another version or be gone.

import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'";
const TYPES = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.png': 'image/png',
};

/** Serves a copy of the built site under a folder's path. */
export async function serveCopy(path = '/some/folder/') {
  const folder = await mkdtemp(join(tmpdir(), 'playground-site-'));
  await cp(DIST, folder, { recursive: true, filter: (source) => !source.includes(`${DIST}v/`) || !source.endsWith('.map') });
  /** @type {string[]} */
  const served = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = normalize(pathname.slice(path.length) || 'index.html');
    const bytes = pathname.startsWith(path) && !file.startsWith('..') ? await readFile(join(folder, file)).catch(() => null) : null;
    served.push(file);
    // As static hosts do: a browser may show what it has for ten minutes.
    const headers = { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'cache-control': 'max-age=600', 'content-security-policy': POLICY };
    response.writeHead(bytes ? 200 : 404, headers).end(bytes);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${server.address().port}${path}`,
    served,
    folder,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
      await rm(folder, { recursive: true });
    },
  };
}

/** The version that a site's page leads to. */
export async function versionOf(folder) {
  return /v\/([0-9a-f]{16})\/www/u.exec(await readFile(join(folder, 'index.html'), 'utf8'))[1];
}

/**
 * Makes a site one of another version, as a build would: all its scripts say which they are of, and the old files are gone.
 * @param {string} folder
 * @param {string} version 16 hexadecimal digits.
 */
export async function replaceVersion(folder, version) {
  const old = await versionOf(folder);
  const { createHash } = await import('node:crypto');
  const made = join(folder, 'v', version);
  await rename(join(folder, 'v', old), made);
  const digest = async (path) => createHash('sha256').update(await readFile(path)).digest('hex');
  for (const script of ['pruning-playground.js', 'worker.js']) {
    const path = join(made, 'www', script);
    await writeFile(path, `globalThis.siteVersion = '${version}';\n${await readFile(path, 'utf8')}`);
  }
  for (const entry of ['pruning-playground.js', 'embed-height.js']) {
    const path = join(folder, 'www', entry);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll(old, version));
  }
  for (const page of (await readdir(folder, { withFileTypes: true })).filter(({ name }) => name.endsWith('.html'))) {
    const path = join(folder, page.name);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll(old, version));
  }
  const path = join(folder, 'service-worker.js');
  const [, text] = /^const SITE=(.*);$/mu.exec(await readFile(path, 'utf8'));
  const site = JSON.parse(text);
  site.version = version;
  for (const file of ['www/pruning-playground.js', 'www/worker.js']) site.files[file] = await digest(join(made, file));
  for (const page of Object.keys(site.pages)) site.pages[page] = await digest(join(folder, page));
  await writeFile(path, (await readFile(path, 'utf8')).replace(text, () => JSON.stringify(site)));
}
