/** What the agent needs of the world, and what it keeps in mind. */
import type { Clock } from '@guruconnect/shared/clock';
import type { Config } from '@guruconnect/shared/config';
import type { Log } from '@guruconnect/shared/log';
import type { Beat, LinkState } from '@guruconnect/shared/pipe-protocol';
import type { EnrollReason, LastWords, Machine } from '@guruconnect/shared/relay-protocol';
import type { Resolved } from '@guruconnect/store/resolve-credential';
import type { StoredCredential } from '@guruconnect/store/stored-credential';
import type { Metrics } from './metrics.ts';
import type { CreateTransport } from './transport.ts';
import type { WakeReason } from './wake.ts';

/** Calls back with everything new until the returned function is called. */
export type Subscribe<T> = (listener: (news: T) => void) => () => void;

export interface AgentPorts {
  readonly config: Config;
  /** The configuration as it is changed while the agent runs. */
  readonly changes: Subscribe<Config>;
  /** Finds out who this machine is to the relay. @throws AgentFault where it can be nobody */
  readonly resolve: (config: Config) => Promise<Identity>;
  /** Aborted with a StopReason. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Milliseconds since the Unix epoch. */
  readonly wallNow: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly createTransport: CreateTransport;
  readonly wakes: Subscribe<WakeReason>;
  /** The machine starts at this moment, and many others with it. */
  readonly afterBoot: boolean;
  /** System and hardware, as far as Node can tell. */
  readonly machine: Machine;
  /** How the agent ended last time, if nobody had asked it to; forgotten once the relay has been told. */
  readonly lastWords: { read(): LastWords | undefined; forget(): void };
  /** Called with every change of the link. */
  readonly onBeat: (beat: Beat) => void;
}

/** Who this machine is to the relay, as it is known by now. */
export interface Identity extends Pick<
  Resolved,
  'machineId' | 'formerMachineId' | 'product' | 'credentialOf' | 'write'
> {
  stored: StoredCredential | undefined;
  /** Why it enrols, if it does. */
  enrollReason: EnrollReason;
  /** The credential was made for another machine, and there is no way to get one of its own. */
  clone: boolean;
  /** What a clone has found, for when it cannot enrol. */
  fallback: StoredCredential | undefined;
}

/** What the agent knows beside the machine's state. The machine never sees it: its state may be logged, this may not. */
export interface AgentMemory {
  readonly identity: Identity;
  /** As it is now. */
  config: Config;
  readonly metrics: Metrics;
  /** On the agent's clock. */
  readonly startedAt: number;
  link: LinkState;
  roundTripMs?: number;
  /** Why the link is not online, in words. */
  trouble?: string;
  /** Why the session before this one ended, in words. */
  lost?: string;
  /** Enrolments in a row that came to nothing, and not for want of a network. */
  failedEnrolments: number;
}
