// What the parts of a session need of each other.
import type { Message } from '../generated/protocol.d.ts';
import type { PageEvent, State } from '../state/types.d.ts';

/** What the place where a session is worked at needs of it. */
export interface WorkHost {
  state(): State;
  /** That the session in hand was made from. */
  files(): File[];
  /** Whether nothing but the session computes. */
  isCalm(): boolean;
  dispatch(event: PageEvent): void;
  notify(key: string, values?: Record<string, string>): void;
  /** The worker is another, or gone: what was asked of the one before counts no more. */
  moved(): void;
  /** A worker runs. `recovers`: there is a state that it has to go on from. */
  loaded(recovers: boolean): void;
  /** Is told of each message before the gate is. */
  hear(message: Message): void;
  /** All the messages that came together have been told. */
  heard(): void;
}
