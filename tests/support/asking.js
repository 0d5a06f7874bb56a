// A gate whose questions a test answers.

import { Gate } from '../../www/session/gate.js';
import { tick } from './fake-worker.js';

export function asking() {
  /** @type {{id: number, command: any, bulk: any}[]} */
  const sent = [];
  const gate = new Gate((id, command, { bulk }) => sent.push({ id, command, bulk }));
  gate.open();
  const tell = (/** @type {number} */ command, /** @type {any} */ event, /** @type {any} */ bulk = {}) => gate.hear({ runId: 1, revision: 0, command, event, bulk });
  return {
    gate, sent,
    /** @param {number} command @param {any} event @param {any} [bulk] */
    async answer(command, event, bulk) {
      tell(command, event, bulk);
      tell(command, { type: 'done' });
      await tick();
    },
    /** @param {number} command @param {string} code */
    async fail(command, code) {
      tell(command, { type: 'error', code, message: code });
      await tick();
    },
  };
}
