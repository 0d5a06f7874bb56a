// The overview of a network: how much of the work each prunable layer has, and from where to where its shortcuts go. Pure.

/** @import {NetworkInfo} from '../generated/protocol.d.ts' */

/**
 * @typedef {object} Strip
 * @property {{share: number, side: boolean}[]} layers Of each its share of the multiply-accumulates, and whether it lies on a shortcut.
 * @property {{from: number, to: number}[]} shortcuts By the number of layers before their beginning and before their end.
 */

/**
 * @param {Pick<NetworkInfo, 'nodes' | 'layers'>} network
 * @returns {Strip}
 */
export function stripOf({ nodes, layers }) {
  const all = layers.reduce((sum, { macs }) => sum + macs, 0) || 1;
  /** Layers among the nodes that come to a value: 0 is the image, `i + 1` what node `i` gives. */
  const before = [0];
  nodes.forEach(({ layer }, i) => before.push(before[i] + (layer === undefined ? 0 : 1)));
  /** @type {Strip['shortcuts']} */
  const shortcuts = [];
  const aside = new Set();
  nodes.forEach(({ op, inputs }, i) => {
    if (op !== 'add') return;
    const [main, other] = inputs.map((value) => above(nodes, value));
    const fork = Math.max(...[...main].filter((value) => other.has(value)));
    const own = [main, other].map((branch) => [...branch].filter((value) => value > fork && nodes[value - 1].layer !== undefined));
    const shorter = own[0].length < own[1].length ? own[0] : own[1];
    for (const value of shorter) aside.add(nodes[value - 1].layer);
    shortcuts.push({ from: before[fork], to: before[i] });
  });
  return { layers: layers.map(({ macs }, i) => ({ share: macs / all, side: aside.has(i) })), shortcuts };
}

/**
 * A value and all that it comes from.
 * @param {NetworkInfo['nodes']} nodes
 * @param {number} value
 */
function above(nodes, value) {
  const found = new Set([value]);
  for (const each of found) if (each > 0) for (const input of nodes[each - 1].inputs) found.add(input);
  return found;
}

/**
 * Whether it is the article's network: two convolutions of 3x3 with ReLU and pooling, and a linear layer.
 * @param {NetworkInfo | null} network
 */
export function isTwoConv(network) {
  if (!network) return false;
  const ops = network.nodes.map(({ op }) => op).filter((op) => op !== 'flatten').join(' ');
  const kernels = network.layers.slice(0, 2).every(({ shape, reads }) => shape[2] === 3 && reads.length > 0);
  return ops === 'conv relu max-pool conv relu max-pool linear' && kernels && halved(network);
}

/**
 * Convolutions keep the size, and pools halve it.
 * @param {NetworkInfo} network
 */
function halved({ nodes }) {
  const sizes = nodes.filter(({ shape }) => shape.length === 3).map(({ shape }) => shape[2]);
  return sizes.every((size, i) => i === 0 || size === (nodes[i].op === 'max-pool' ? Math.floor(sizes[i - 1] / 2) : sizes[i - 1]));
}
