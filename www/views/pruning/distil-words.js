// The teacher of a distillation in words.

import { networkName } from '../kit/layer-name.js';
import { isEarlierNetwork } from '../../state/teacher.js';

/** @import {State, Teacher} from '../../state/types.d.ts' */
/** @import {View} from '../kit/view.d.ts' */

/**
 * @param {Teacher | null} teacher
 * @param {View} view
 * @returns {Record<string, string>}
 */
export function nameOfTeacher(teacher, { t, format }) {
  if (!teacher) return {};
  return { filters: networkName(teacher, { t, format }), step: format.integer(teacher.step), accuracy: format.percent(teacher.accuracy) };
}

/**
 * Who teaches, or why nobody can.
 * @param {Teacher | null} teacher
 * @param {State} state
 * @param {View} view
 */
export function reasonOf(teacher, state, view) {
  const taught = isEarlierNetwork(teacher, state) ? 'distil-teacher-before' : 'distil-teacher';
  return view.t(teacher ? taught : 'distil-no-teacher', nameOfTeacher(teacher, view));
}
