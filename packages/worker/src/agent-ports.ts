/** What the agent needs of the world, and what it keeps in mind. */
import type { Clock } from '@guruconnect/shared/clock';
import type { Config } from '@guruconnect/shared/config';
import type { Log } from '@guruconnect/shared/log';
import type { Beat, LinkState } from '@guruconnect/shared/pipe-protocol';
import type { AgentFault } from './agent-fault.ts';
import type { StoredCredential } from './credential.ts';

export interface AgentPorts {
  readonly config: Config;
  readonly dataDir: string;
  /** Aborted with a StopReason. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
  /** Called with every change of the link. */
  readonly onBeat: (beat: Beat) => void;
}

/** What the agent knows beside the machine's state. The machine never sees it: its state may be logged, this may not. */
export interface AgentMemory {
  stored: StoredCredential | undefined;
  readonly machineId: string;
  /** Sessions opened so far. */
  connects: number;
  link: LinkState;
  roundTripMs?: number;
  /** Why the link is not online, in words. */
  trouble?: string;
  fault?: AgentFault;
}
