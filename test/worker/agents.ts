/** An agent in this process, against the embedded relay, with a data folder of its own. */
import { type RelayOptions, startRelay } from '@guruconnect/relay';
import { systemClock } from '@guruconnect/shared/clock';
import { silentLog } from '@guruconnect/shared/log';
import type { Beat, StopReason } from '@guruconnect/shared/pipe-protocol';
import { runAgent } from '@guruconnect/worker/agent';
import type { AgentPorts } from '@guruconnect/worker/agent-ports';
import { resolveIdentity } from '@guruconnect/worker/identity-of';
import type { Lookup } from '@guruconnect/worker/network/dial';
import type { AskSystem } from '@guruconnect/worker/network/system-proxy';
import { createTransport } from '@guruconnect/worker/transport';
import type { StoredCredential } from '@guruconnect/store/stored-credential';
import type { Test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { FACTS, TOKEN } from '../relay/agent.ts';
import { createInbox } from './inbox.ts';
import { storeCredential } from '../store/stored.ts';

export const start = async (t: Test, options: Partial<RelayOptions> = {}) => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN], closeMs: 200, ...options });
  t.teardown(relay.close);
  return relay;
};

interface Launch extends Partial<AgentPorts> {
  readonly dataDir?: string;
  readonly relay: string;
  /** Undefined for an agent without one. */
  readonly token?: string | undefined;
  readonly ca?: readonly string[];
  readonly proxy?: string;
  readonly proxyFallback?: 'none' | 'direct';
  readonly pins?: string[];
  readonly lookup?: Lookup;
  readonly askSystem?: AskSystem;
}

/** Starts an agent; with the test it is stopped at the latest. Every wait is over at once, unless `random` says more. */
export const launch = (t: Test, launched: Launch) => {
  const { relay, token, ca, proxy, proxyFallback = 'none', pins, lookup, askSystem, ...rest } = launched;
  const { dataDir = tempDir(t), ...ports } = rest;
  const stop = new AbortController();
  const beats = createInbox<Beat>();
  const done = runAgent({
    config: {
      relay,
      logLevel: 'info',
      proxyFallback,
      workerAccount: 'own',
      ...(token !== undefined && { enrollToken: token }),
      ...(ca !== undefined && { ca }),
      ...(proxy !== undefined && { proxy }),
      ...(pins !== undefined && { pins }),
    },
    resolve: (config) => resolveIdentity(config, dataDir, ports.log ?? silentLog()),
    signal: stop.signal,
    clock: systemClock,
    wallNow: Date.now,
    random: () => 0,
    createTransport: (config) => createTransport(config, { lookup, askSystem }),
    afterBoot: false,
    machine: {},
    changes: () => () => undefined,
    wakes: () => () => undefined,
    lastWords: { read: () => undefined, forget: () => undefined },
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
  const enrolledAt = '2026-01-02T03:04:05.678Z';
  return storeCredential(dataDir, { relay, machineId, enrolledAt, ...identity });
};
