// The order in which a worker takes up what it was asked for.

/** @import {Command} from '../generated/protocol.d.ts' */

/**
 * Takes out of the queue what counts no more, since something of its kind was asked for later: of several previews an earlier one
 * answers a place that the slider has left; so with pictures to classify. So with a method that is at once replaced by another.
 * @template {{command: Command}} Entry
 * @param {Entry[]} queue
 * @returns {Entry[]} Each of these has to be told that it is given up.
 */
export function superseded(queue) {
  /** @type {Entry[]} */
  const dropped = [];
  queue.splice(0, queue.length, ...queue.filter((entry, i) => {
    const over = isOver(entry.command.type, queue.slice(i + 1));
    if (over) dropped.push(entry);
    return !over;
  }));
  return dropped;
}

/**
 * @param {Command['type']} type
 * @param {{command: Command}[]} later
 */
function isOver(type, later) {
  if (type === 'preview' || type === 'classify') return later.some(({ command }) => command.type === type);
  return type === 'set-method' && later[0]?.command.type === type;
}
