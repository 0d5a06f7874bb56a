// The browser's own trace of what the threads of a page do.

/**
 * The tasks of the main thread that took longest while something went on.
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<unknown>} act
 */
export async function longestTasks(page, act) {
  const { events, here } = await traced(page, act);
  const tasks = timesOf(events, ({ pid, tid }) => pid === here?.pid && tid === here.tid);
  if (tasks.length === 0) throw new Error('the trace shows no tasks of this page');
  return { count: tasks.length, longest: tasks.slice(0, 3) };
}

/**
 * The tasks of the page's workers while something went on, the longest first.
 * @template T
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<T>} act
 */
export async function workerTasks(page, act) {
  const { events, here, result } = await traced(page, act);
  const workers = new Set(events.filter(({ name, pid, args }) => name === 'thread_name' && pid === here?.pid && args.name.startsWith('DedicatedWorker')).map(({ tid }) => tid));
  const tasks = timesOf(events, ({ pid, tid }) => pid === here?.pid && workers.has(tid));
  if (tasks.length === 0) throw new Error('the trace shows no tasks of a worker');
  return { tasks, result };
}

/**
 * @template T
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<T>} act
 */
async function traced(page, act) {
  const session = await page.context().newCDPSession(page);
  /** @type {any[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing', '__metadata'] },
  });
  await page.evaluate(() => performance.mark('this-page'));
  const result = await act();
  const complete = new Promise((resolve) => { session.once('Tracing.tracingComplete', resolve); });
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  return { events, result, here: events.find(({ name }) => name === 'this-page') };
}

/**
 * @param {any[]} events
 * @param {(event: any) => boolean} ofThread
 */
function timesOf(events, ofThread) {
  return events
    .filter((event) => event.name === 'RunTask' && event.dur && ofThread(event))
    // Time on the processor: on a busy machine, other programs would count as the page's.
    .map(({ dur, tdur }) => ({ ms: (tdur ?? dur) / 1000, wall: dur / 1000 }))
    .sort((a, b) => b.ms - a.ms);
}
