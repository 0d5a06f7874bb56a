// How soon the page is seen, that it stays in place, and that it answers while it trains: measured by the browser itself.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';
import { longestTasks } from './tracing.mjs';

const FIRST_PAINT_MS = 500;
const SHIFT = 0.02;
const TASK_MS = 50;

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** The sum of all layout shifts but those that a person has caused right before. */
function watchShifts(page) {
  return page.evaluate(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (!entry.hadRecentInput) window.shifts.push({ value: entry.value, at: Math.round(entry.startTime), of: entry.sources.map(({ node }) => node?.className ?? node?.nodeName) });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

async function drag(page, widget) {
  const { x, y, width, height } = await widget.part('slider').boundingBox();
  await page.mouse.move(x + 10, y + height / 2);
  await page.mouse.down();
  for (let i = 0; i <= 40; i += 1) {
    await page.mouse.move(x + 10 + (0.5 - 0.45 * Math.cos(i / 5)) * (width - 20), y + height / 2);
    await widget.drawn();
  }
  await page.mouse.up();
}

test('something is seen within half a second of a first visit', async (t) => {
  const times = [];
  for (let visit = 0; visit < 3; visit += 1) {
    const { page, faults } = await open(browser, { path: '?backend=cpu' });
    times.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
    assert.deepEqual(faults, []);
    await page.context().close();
  }
  times.sort((a, b) => a - b);
  t.diagnostic(`first contentful paint: ${times.map((time) => `${time.toFixed(0)} ms`).join(', ')}`);
  assert.ok(times[1] < FIRST_PAINT_MS, `${times}`);
});

for (const viewport of [{ width: 1280, height: 720 }, { width: 360, height: 740 }]) {
  test(`nothing moves by itself while a person trains and prunes, ${viewport.width} px wide`, async (t) => {
    const { page, widget, faults } = await open(browser, { path: '?backend=cpu', viewport });
    await watchShifts(page);
    await widget.run();
    await widget.untilAtLeast('step-count', 100);
    await widget.part('backend-chip').click();
    await widget.drawn();
    await page.keyboard.press('Escape');
    await widget.pause();
    await widget.slideTo(80);
    await widget.press('prune', 'pruned');
    const shifts = await page.evaluate(() => window.shifts);
    const sum = shifts.reduce((total, { value }) => total + value, 0);
    t.diagnostic(`layout shift: ${sum.toFixed(4)} ${JSON.stringify(shifts.toSorted((a, b) => b.value - a.value).slice(0, 4))}`);
    assert.ok(sum <= SHIFT, `${sum}: ${JSON.stringify(shifts)}`);
    assert.deepEqual(faults, []);
    await page.close();
  });
}

test('no task keeps the page from answering while it trains and while the slider is dragged', async (t) => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu' });
  await widget.untilAtLeast('curve-readout', 33, 60_000);
  await widget.run();
  await widget.untilAtLeast('step-count', 5);
  const training = await longestTasks(page, () => page.waitForTimeout(5000));
  const dragging = await longestTasks(page, () => drag(page, widget));
  await widget.pause();
  for (const [name, tasks] of Object.entries({ training, dragging })) {
    t.diagnostic(`${name}: longest tasks of ${tasks.count}: ${tasks.longest.map(({ ms, wall }) => `${ms.toFixed(1)} ms (${wall.toFixed(1)} by the clock)`).join(', ')}`);
    assert.ok(tasks.longest[0].ms <= TASK_MS, `${name}: ${JSON.stringify(tasks.longest)}`);
  }
  assert.deepEqual(faults, []);
  await page.close();
});
