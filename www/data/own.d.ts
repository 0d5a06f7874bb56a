// What the page and the worker that reads own images tell each other.

export interface OwnFile {
  /** With the folders that it lies in. */
  path: string;
  file: File;
}

/** Where own images come from. */
export type OwnSource = { zip: File } | { files: OwnFile[] };

export type ToOwnWorker =
  | { kind: 'add'; files: OwnFile[] }
  | { kind: 'read'; zip: File | null };

export type FromOwnWorker =
  | { kind: 'progress'; done: number; total: number }
  | {
    kind: 'done';
    file: File;
    images: number;
    classes: number;
    /** Images that lie in no class folder. */
    outside: number;
    unreadable: { count: string; names: string } | null;
  }
  | { kind: 'problem'; key: string; values: Record<string, string> };
