// The order in which a worker takes up what it was asked for.

/** @import {Command} from './generated/protocol.d.ts' */

/**
 * Takes the next entry off the queue. Of several previews only the latest counts: an earlier one
 * answers a place that the slider has left.
 * @template {{command: Command}} Entry
 * @param {Entry[]} queue
 * @returns {Entry | undefined}
 */
export function takeNext(queue) {
  for (;;) {
    const next = queue.shift();
    if (next?.command.type !== 'preview') return next;
    if (!queue.some(({ command }) => command.type === 'preview')) return next;
  }
}
