// What is folded away at first: when its code is loaded, and what is said where that can't be had.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { SITE, Widget, launch } from './browser.mjs';
import { replaceVersion, serveCopy, versionOf } from './site.mjs';

let browser;
/** @type {import('playwright-core').BrowserContext} */
let context;
before(async () => { browser = await launch(); });
after(() => browser.close());
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-US', serviceWorkers: 'block' });
});
afterEach(() => context.close());

const PATH = '?backend=cpu';
/** Chunks that come when they are wanted, by their names. */
const FOLDED = ['compare-tabs', 'panels'];

/** Notes the scripts and styles that a page and its workers ask for. */
function scriptsOf(page) {
  const asked = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/\.(?:js|css)$/u.test(pathname)) asked.push(pathname.slice(new URL(SITE).pathname.length));
  });
  return asked;
}

/** @param {string[]} asked */
const foldedAmong = (asked) => [...new Set(asked.map((file) => /\/([a-z-]+)-[0-9A-Z]+\.js$/u.exec(file)?.[1]).filter((name) => FOLDED.includes(name)))].sort();

/** From here on the browser never says that it is idle. */
const neverIdle = () => context.addInitScript(() => { window.requestIdleCallback = () => 0; });

/** A ready page, and what it has asked for. */
async function visit(url = SITE) {
  const page = await context.newPage();
  const asked = scriptsOf(page);
  await page.goto(new URL(`${PATH}#autoplay=off`, url).href);
  const widget = new Widget(page, page.locator('pruning-playground').first());
  await widget.untilReady();
  return { page, widget, asked };
}

test('the first screen loads what the budget counts and nothing of what is folded away, until that is opened', async () => {
  await neverIdle();
  const { page, widget, asked } = await visit();
  await widget.run();
  await widget.untilAtLeast('step-count', 20);
  await widget.pause();
  assert.deepEqual(foldedAmong(asked), []);

  const html = await (await fetch(SITE)).text();
  const [folder] = /v\/[0-9a-f]{16}\//u.exec(html);
  const counted = new Set([...html.split('"'), ...['www/widget.css', 'www/worker.js', 'pkg/cpu/playground.js'].map((file) => `${folder}${file}`)]);
  assert.deepEqual(asked.filter((file) => !counted.has(file) && !/\/words-/u.test(file)), []);
  assert.ok(asked.length >= 8, `${asked}`);

  await widget.part('recipe').click();
  await widget.part('recipe-choice').waitFor();
  assert.deepEqual(foldedAmong(asked), ['panels']);
  await page.keyboard.press('Escape');
  await widget.part('compare').click();
  await widget.part('race-start').waitFor();
  assert.deepEqual(foldedAmong(asked), FOLDED);
});

test('once the page is idle all of it is there, and opens without a network', async () => {
  const { page, widget, asked } = await visit();
  for (let left = 100; left > 0 && foldedAmong(asked).length < FOLDED.length; left -= 1) await page.waitForTimeout(100);
  assert.deepEqual(foldedAmong(asked), FOLDED);
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  for (const [button, inside] of [['recipe', 'recipe-choice'], ['share', 'share-link'], ['pad-open', 'pad'], ['compare', 'race-start']]) {
    await widget.part(button).click();
    await widget.part(inside).waitFor();
    await page.keyboard.press('Escape');
  }
});

test('a part that can’t be loaded says so, and comes when it is asked for again', async () => {
  await neverIdle();
  const { page, widget } = await visit();
  await page.route(/\/panels-[0-9A-Z]+\.js/u, (route) => route.abort());
  await widget.part('recipe').click();
  await widget.part('fold-failed').waitFor();
  assert.match(await widget.part('fold-failed').innerText(), /could not be loaded/u);
  assert.equal(await widget.part('fold-reload').count(), 0);
  await page.unroute(/\/panels-[0-9A-Z]+\.js/u);
  await widget.part('fold-retry').click();
  await widget.part('recipe-choice').waitFor();
  assert.equal(await widget.part('fold-failed').count(), 0);
});

test('where the site has been published anew since, reloading is offered, and leads to the new version', async () => {
  const site = await serveCopy();
  try {
    await neverIdle();
    const { page, widget } = await visit(site.url);
    const next = '0123456789abcdef';
    assert.notEqual(await versionOf(site.folder), next);
    await replaceVersion(site.folder, next);
    await widget.part('compare').click();
    await widget.part('fold-reload').waitFor();
    assert.match(await widget.part('fold-failed').innerText(), /newer version/u);
    await Promise.all([page.waitForEvent('load'), widget.part('fold-reload').click()]);
    await widget.untilReady();
    assert.equal(await page.evaluate(() => globalThis.siteVersion), next);
    await widget.part('compare').click();
    await widget.part('race-start').waitFor();
  } finally {
    await site.close();
  }
});
