// A site that embeds the playground of another: the examples of the documentation, and pages that a test writes.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { SITE } from './browser.mjs';

const EXAMPLES = new URL('../../docs/examples/', import.meta.url);

/** Where the playground is, in the examples. */
const PLACE = 'https://example.org/playground/';

const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

/** As docs/embedding.md gives it. */
function policy() {
  const { origin } = new URL(SITE);
  return `default-src 'self'; script-src 'self' 'wasm-unsafe-eval' ${origin}; worker-src 'self' blob:; style-src 'self' ${origin}; `
    + `img-src 'self' blob: data:; connect-src 'self' ${origin}; frame-src ${origin}`;
}

/**
 * A page around the markup that a test is about.
 * @param {string} body
 * @param {string} script The playground's script that it loads.
 */
export function pageOf(body, script = 'www/pruning-playground.js') {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A lesson</title><link rel="icon" href="data:,">
<script type="module" src="${PLACE}${script}"></script></head><body>${body}</body></html>`;
}

/**
 * @param {Record<string, string>} [pages] HTML by name, beside the examples.
 * @returns {Promise<{site: string, close: () => void}>}
 */
export async function secondOrigin(pages = {}) {
  const server = createServer(async (request, response) => {
    const name = new URL(request.url ?? '/', SITE).pathname.slice(1) || 'index.html';
    const text = pages[name] ?? (/^[\w-]+\.\w+$/u.test(name) ? await readFile(new URL(name, EXAMPLES), 'utf8').catch(() => null) : null);
    response.statusCode = text === null ? 404 : 200;
    response.setHeader('content-type', TYPES[name.split('.').pop() ?? ''] ?? 'text/plain');
    response.setHeader('content-security-policy', policy());
    response.end(text?.replaceAll(PLACE, SITE));
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
  return { site: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
