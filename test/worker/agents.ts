/** An agent in this process, against the embedded relay, with a data folder of its own. */
import { type RelayOptions, startRelay } from '@guruconnect/relay';
import { systemClock } from '@guruconnect/shared/clock';
import { silentLog } from '@guruconnect/shared/log';
import type { Beat, StopReason } from '@guruconnect/shared/pipe-protocol';
import { runAgent } from '@guruconnect/worker/agent';
import type { AgentPorts } from '@guruconnect/worker/agent-ports';
import { type StoredCredential, writeCredential } from '@guruconnect/worker/credential';
import type { Test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { FACTS, TOKEN } from '../relay/agent.ts';
import { createInbox } from './inbox.ts';

export const start = async (t: Test, options: Partial<RelayOptions> = {}) => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN], closeMs: 200, ...options });
  t.teardown(relay.close);
  return relay;
};

interface Launch extends Partial<AgentPorts> {
  readonly relay: string;
  /** Undefined for an agent without one. */
  readonly token?: string | undefined;
  readonly ca?: readonly string[];
  readonly proxy?: string;
}

/** Starts an agent; with the test it is stopped at the latest. Every wait is over at once, unless `random` says more. */
export const launch = (t: Test, { relay, token, ca, proxy, ...ports }: Launch) => {
  const stop = new AbortController();
  const beats = createInbox<Beat>();
  const dataDir = ports.dataDir ?? tempDir(t);
  const done = runAgent({
    config: {
      relay,
      logLevel: 'info',
      ...(token !== undefined && { enrollToken: token }),
      ...(ca !== undefined && { ca }),
      ...(proxy !== undefined && { proxy }),
    },
    dataDir,
    signal: stop.signal,
    clock: systemClock,
    random: () => 0,
    log: silentLog(),
    onBeat: beats.put,
    ...ports,
  });
  const ask = (reason: StopReason = 'stop'): Promise<void> => {
    stop.abort(reason);
    return done;
  };
  t.teardown(async () => {
    await ask().catch(() => undefined);
  });
  return { dataDir, beats, done, stop: ask };
};

/** Stores the credential that a relay's registry gave this machine. */
export const store = async (
  dataDir: string,
  relay: string,
  identity: Pick<StoredCredential, 'agentId' | 'credential'>,
): Promise<StoredCredential> => {
  const { machineId } = FACTS;
  const stored = {
    version: 1,
    relay,
    machineId,
    enrolledAt: '2026-01-02T03:04:05.678Z',
    ...identity,
  } as const;
  await writeCredential(dataDir, stored);
  return stored;
};
