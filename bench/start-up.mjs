// The time from navigation to the first training step of the page itself.

const TRIES = 5;

/** Milliseconds of each try. Cold: a profile that has never seen the page; warm: the same page once more. */
export async function startUp(browser, url) {
  const figures = { cold: [], warm: [] };
  for (let i = 0; i < TRIES; i += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(runAtOnce);
    for (const kind of ['cold', 'warm']) {
      await page.goto('about:blank');
      await page.goto(new URL('?backend=cpu#autoplay=off', url).href);
      await page.waitForFunction(() => window.firstStep > 0, undefined, { polling: 50, timeout: 60_000 });
      figures[kind].push(await page.evaluate(() => window.firstStep));
    }
    await context.close();
  }
  return figures;
}

/** Presses Run as soon as it can be pressed, and notes when the first step is shown. */
function runAtOnce() {
  const look = () => {
    const root = document.querySelector('pruning-playground')?.shadowRoot;
    const run = root?.querySelector('[data-testid="run"]');
    const steps = Number(root?.querySelector('[data-testid="step-count"]')?.getAttribute('data-value') ?? 0);
    if (steps > 0) {
      window.firstStep = performance.now();
      return;
    }
    if (run && !run.disabled && run.getAttribute('aria-label') === 'Run') run.click();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
