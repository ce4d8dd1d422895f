/** All that the doctor judges by, as data: gathered by `gather.ts`, so that every verdict is a pure function of it. */
import type { Inspection } from '@guruconnect/shared/config-file';
import type { ProbeStep } from '@guruconnect/shared/probe-protocol';
import type { Weakness } from '../manage/path-safety.ts';
import type { StatusFacts } from '../manage/status-facts.ts';
import type { Reading } from './check.ts';

/** The data folder, by who gets in beside those who have to. */
export type FolderFact =
  | { readonly kind: 'missing' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'readable'; readonly who: string }
  /** Others could change what is in it, or put another in its place. */
  | { readonly kind: 'unsafe'; readonly why: string };

export interface StoreFact {
  /** Files of the store that are there. */
  readonly files: number;
  /** The first one that others get at. */
  readonly open: Weakness | undefined;
}

/** What a start of the agent would do with what is stored; without the credential itself. */
export type StoredFact =
  | { readonly kind: 'use'; readonly enrolledAt: string; readonly clone: boolean }
  | { readonly kind: 'enrol'; readonly reason: string }
  | { readonly kind: 'fault'; readonly why: string };

export interface DiskFact {
  readonly path: string;
  readonly freeBytes: number;
}

export type EventLogSource = 'registered' | 'missing' | 'unknown';

export interface DoctorFacts {
  readonly status: StatusFacts;
  /** The outermost place where others could change what the service runs. */
  readonly weakness: Reading<Weakness | undefined>;
  readonly folder: Reading<FolderFact>;
  readonly store: Reading<StoreFact>;
  readonly inspection: Inspection;
  readonly stored: Reading<StoredFact>;
  readonly probe: Reading<readonly ProbeStep[]>;
  readonly disk: Reading<DiskFact>;
  readonly eventLogSource: Reading<EventLogSource>;
  /** Milliseconds since the Unix epoch, right after the relay's answer. */
  readonly now: number;
}
