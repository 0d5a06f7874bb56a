// Training spread over workers: the plan that the settings come to, and what is told of it. Pure.

/** @import {ParallelPlan, Workers} from '../generated/protocol.d.ts' */
/** @import {Settings} from './types.d.ts' */

/** A worker's last tasks that are shown, three spans each. */
const SPANS = 36;

/**
 * @param {Settings} settings
 * @returns {ParallelPlan}
 */
export function planOf({ workers, exchange, staleness, 'gradient-share': gradientShare, straggler, link }) {
  return {
    workers,
    asynchronous: exchange === 'asynchronous',
    ...(staleness >= 0 && { staleness }),
    gradientShare,
    straggler,
    megabits: link,
  };
}

/**
 * The time that the lanes show: that for which it is known of all what they did.
 * @param {Workers} workers
 */
export function shownTime({ lanes, now }) {
  const starts = lanes.map(({ spans }) => spans.at(-SPANS)?.from ?? spans[0]?.from ?? now);
  return { from: Math.max(...starts), to: now };
}

/**
 * Shares of the time shown that a worker computed, sent, and waited.
 * @param {Workers} workers
 * @param {number} lane
 */
export function sharesOf(workers, lane) {
  const { from, to } = shownTime(workers);
  const time = { compute: 0, send: 0 };
  for (const span of workers.lanes[lane].spans) time[span.kind] += Math.max(0, span.to - Math.max(span.from, from));
  const [compute, send] = [time.compute, time.send].map((ms) => (to > from ? ms / (to - from) : 0));
  return { compute, send, wait: Math.max(0, 1 - compute - send) };
}
