// The names of the files that a person saves. Pure.

/** @import {ExportFormat, NetworkKind} from '../generated/protocol.d.ts' */
/** @import {State} from '../state/types.d.ts' */

/**
 * The name of a file of what is on the page now.
 * @param {Pick<State, 'settings' | 'training'>} state
 * @param {string} what
 * @param {string} ending
 */
export function fileName({ settings: { dataset, seed }, training: { step } }, what, ending) {
  return `pruning-playground-${dataset}-seed${seed}-step${step}-${what}.${ending}`;
}

/**
 * The name of a file of a network.
 * @param {string} dataset
 * @param {{sparsity: number, step: number, network: NetworkKind, format: ExportFormat}} exported
 */
export function networkName(dataset, { sparsity, step, network, format }) {
  const compacted = network === 'compacted' ? '-compacted' : '';
  return `pruning-playground-${dataset}-step${step}-sparsity${Number(sparsity.toFixed(4))}${compacted}.${format}`;
}
