// What a takeover deals with; see takeover.js.
import type { Command, Message } from '../generated/protocol.d.ts';
import type { State } from '../state/types.d.ts';
import type { Client } from '../worker/client.js';
import type { BackendReason, BackendSpeeds, RunningBackend } from '../worker/types.d.ts';

/** What a session lets its takeover do. */
export interface Host {
  state(): State;
  /** That the session in hand was made from. */
  files(): File[];
  /** Whether nothing but the session computes. */
  isCalm(): boolean;
  nextRunId(): number;
  /** For a command to the other worker: numbers are unique across the workers of a session. */
  nextCommand(): number;
  /** A client whose messages come to `hear`. */
  connect(): Client;
  /** Stops the session between two steps, or lets it go on, and with it what was asked of it meanwhile. */
  freeze(frozen: boolean): void;
  /** Asks the session, though it is frozen; the answers name the number. */
  ask(command: Command): number;
  /** Goes on with another worker, which has told `messages`. */
  adopt(client: Client, runId: number, backend: RunningBackend, messages: Message[]): void;
  tell(reason: BackendReason, more: { detail?: string; speeds?: BackendSpeeds }): void;
}

/** A worker with WebGPU that may take over. */
export interface Trial {
  client: Client;
  /** `waiting`: until the session can be moved. */
  stage: 'loading' | 'measuring' | 'preparing' | 'waiting' | 'saving' | 'moving';
  work: string;
  /** Milliseconds of a training step. */
  gpu: number[];
  /** When the first of them was known; 0 before that. */
  since: number;
  backend: RunningBackend | null;
  speeds?: BackendSpeeds;
  /** Of the last run that was begun there. */
  runId: number;
  /** The command whose answer is awaited, there or of the session. */
  asked: number;
  /** Whether the session's state is there. */
  restored?: boolean;
  /** Its settings. */
  prepared: string;
  /** Whether the session trains. */
  resumes: boolean;
  told: Message[];
}
