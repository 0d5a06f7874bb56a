// Commands as the core reads them: by name, with the fields that belong to it under that.

/** @import {Command} from '../generated/protocol.d.ts' */
/** @import {NamedCommand} from './types.d.ts' */

/**
 * @param {Command} command
 * @returns {NamedCommand}
 */
export function named({ type, ...fields }) {
  return Object.keys(fields).length === 0 ? type : { [type]: fields };
}
