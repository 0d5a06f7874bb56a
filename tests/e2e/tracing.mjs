// The browser's own trace of what a page's main thread does.

/**
 * The tasks of the main thread that took longest while something went on.
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<unknown>} act
 */
export async function longestTasks(page, act) {
  const session = await page.context().newCDPSession(page);
  /** @type {any[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing'] },
  });
  await page.evaluate(() => performance.mark('this-page'));
  await act();
  const complete = new Promise((resolve) => { session.once('Tracing.tracingComplete', resolve); });
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const here = events.find(({ name }) => name === 'this-page');
  const tasks = events
    .filter(({ name, pid, tid, dur }) => name === 'RunTask' && dur && pid === here?.pid && tid === here.tid)
    // Time on the processor: on a busy machine, other programs would count as the page's.
    .map(({ dur, tdur }) => ({ ms: (tdur ?? dur) / 1000, wall: dur / 1000 }))
    .sort((a, b) => b.ms - a.ms);
  if (tasks.length === 0) throw new Error('the trace shows no tasks of this page');
  return { count: tasks.length, longest: tasks.slice(0, 3) };
}
