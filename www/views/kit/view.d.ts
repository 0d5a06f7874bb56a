// What the views are given.
import type { Format } from '../../model/format.js';
import type { Language } from '../../model/types.d.ts';
import type { Cut } from '../../model/ranking.js';
import type { Session } from '../../session/session.js';
import type { Outcome } from '../../state/derive.js';
import type { State } from '../../state/types.d.ts';
import type { Theme } from '../bar/theme.js';

export type Translate = (key: string, values?: Record<string, string>) => string;

/** For making a view. */
export interface View {
  session: Session;
  t: Translate;
  format: Format;
  language: Language;
  /** Asks for a render in the next frame. */
  invalidate: () => void;
  /** Aborted when the views are taken down. */
  signal: AbortSignal;
}

/** One frame: the state and what follows from it. */
export interface Frame {
  state: State;
  cut: Cut | null;
  outcome: Outcome | null;
  theme: Theme;
}

export interface Part {
  element: HTMLElement;
  update(frame: Frame): void;
  destroy?(): void;
}

/** What is in a panel that is folded away at first. */
export interface Inside {
  elements: Node[];
  /** It is about to be seen. */
  open?(): void;
  update?(frame: Frame): void;
  destroy?(): void;
}
