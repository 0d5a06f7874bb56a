// A network of 4.3 million weights in a tab: trained, previewed, pruned, undone and taken home, within the memory that a tab has.

import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';

const MB = 1024 * 1024;

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Notes the bytes that come with each report of the worker, and the most memory that it has had. */
function noteSizes() {
  const sizes = { reports: [], checkpoints: [], memory: 0 };
  window.sizes = sizes;
  let since = 0;
  const Plain = window.Worker;
  window.Worker = class extends Plain {
    constructor(...how) {
      super(...how);
      this.addEventListener('message', ({ data }) => {
        if (data.kind !== 'messages') return;
        sizes.memory = Math.max(sizes.memory, data.memory);
        for (const { event, bulk } of data.messages) {
          if (event.type === 'evaluated') {
            sizes.reports.push(since);
            since = 0;
          }
          since += JSON.stringify(event).length;
          for (const [name, value] of Object.entries(bulk ?? {})) {
            if (value instanceof Blob) sizes.checkpoints.push(value.size);
            else if (name !== 'file') since += value?.byteLength ?? 0;
          }
        }
      });
    }
  };
}

/** What the page's scripts hold, with the arrays outside their heap. */
async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize + backingStorageSize;
}

test('Conv-2, of 4.3 million weights, is trained, pruned, undone and taken home within the memory of a tab', async (t) => {
  const { page, widget, faults } = await open(browser, { path: '?backend=cpu#autoplay=off&dataset=shapes&network=conv-2&fine-tune-steps=4', ready: false });
  await page.addInitScript(noteSizes);
  await page.reload();
  await widget.untilReady();
  assert.equal(Number(await widget.part('kept').getAttribute('data-total')), 4_300_992);
  await widget.run();
  await widget.untilAtLeast('step-count', 12);
  await widget.pause();
  await widget.untilMeasured();
  const step = await widget.value('step-count');
  const dense = await widget.value('accuracy');

  for (const percent of [50, 98]) {
    await widget.slideTo(percent);
    await widget.press('prune', 'pruned');
    await widget.press('fine-tune', 'fine-tuned');
    await widget.goBackTo('dense');
    assert.deepEqual([await widget.value('step-count'), await widget.value('accuracy')], [step, dense]);
  }
  assert.ok((await widget.states('pruned')).length >= 2, 'both cuts can be gone back to');

  await widget.part('share').click();
  const [file] = await Promise.all([page.waitForEvent('download'), widget.part('save-weights').click()]);
  assert.ok((await stat(await file.path())).size > 4 * 4_300_992);

  const { reports, checkpoints, memory } = await page.evaluate(() => window.sizes);
  const heap = await heapOf(page);
  t.diagnostic(`worker ${(memory / MB).toFixed(0)} MB, page ${(heap / MB).toFixed(0)} MB, ${checkpoints.length} checkpoints of ${(Math.max(...checkpoints) / MB).toFixed(0)} MB, `
    + `reports of ${Math.max(...reports)} bytes at most`);
  assert.ok(memory < 600 * MB, `worker: ${memory}`);
  assert.ok(heap < 150 * MB, `page: ${heap}`);
  assert.ok(reports.length > 3 && Math.max(...reports) < 300_000, String(reports));
  assert.deepEqual(faults, []);
  await page.close();
});
