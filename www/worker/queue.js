// The order in which a worker takes up what it was asked for.

/** @import {Command} from '../generated/protocol.d.ts' */

/**
 * Takes the next entry off the queue. Of several previews only the latest counts: an earlier one
 * answers a place that the slider has left; so with pictures to classify. So with a method that is at once replaced by another.
 * @template {{command: Command}} Entry
 * @param {Entry[]} queue
 * @returns {Entry | undefined}
 */
export function takeNext(queue) {
  for (;;) {
    const next = queue.shift();
    if (next?.command.type === 'set-method' && queue[0]?.command.type === 'set-method') continue;
    if (next?.command.type !== 'preview' && next?.command.type !== 'classify') return next;
    if (!queue.some(({ command }) => command.type === next.command.type)) return next;
  }
}
