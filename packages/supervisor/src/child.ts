/** The worker's process and all that it starts, as the supervisor holds it: by handle or group, never by a bare PID. */
import type { Readable } from 'node:stream';

/** How it ended, or why it never came to be. */
export type ChildEnd =
  | { readonly kind: 'exited'; readonly code: number | undefined; readonly signal: string | undefined }
  | { readonly kind: 'not-started'; readonly why: string };

export interface Child {
  /** Undefined where it never came to be. */
  readonly pid: number | undefined;
  /** What it writes there; undefined as `pid`. */
  readonly stderr: Readable | undefined;
  /** Never rejects. From its descendants nothing is left once it resolves, where the platform can see to that. */
  readonly ended: Promise<ChildEnd>;
  /** The one line on its stdin. A child that is gone is noticed by its end, not by its stdin. */
  tell(line: string): void;
  /** Kills it and its descendants; nothing where it has ended. */
  kill(): void;
}

export interface Program {
  /** Absolute path of node, or of the packaged program. */
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** It may start no other process, where the platform can see to that. */
  readonly isAlone?: boolean;
}

/** One that never came to be. */
export const notStarted = (why: string): Child => ({
  pid: undefined,
  stderr: undefined,
  ended: Promise.resolve({ kind: 'not-started', why }),
  tell: () => undefined,
  kill: () => undefined,
});
