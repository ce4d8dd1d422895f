/** The store as the supervisor keeps it for a worker; loads packages, and is itself loaded late. */
import { AgentFault } from '@guruconnect/shared/agent-fault';
import type { AgentOptions } from '@guruconnect/shared/config';
import { loadConfig } from '@guruconnect/shared/config-file';
import { dataDir } from '@guruconnect/shared/data-folder';
import { fitLastWords } from '@guruconnect/shared/last-words';
import { readLastWords } from '@guruconnect/shared/last-words-file';
import { type Log, partLog } from '@guruconnect/shared/log';
import type { LastWords } from '@guruconnect/shared/relay-protocol';
import {
  type HandedIdentity,
  type HeldCredential,
  MOST_HANDED_BYTES,
  handOver,
  parseHeld,
} from '@guruconnect/store/handed-identity';
import { type Resolved, resolveCredential } from '@guruconnect/store/resolve-credential';

/** The rest of the bootstrap's line is the identity's and the options'; the worker adds the end of its own log. */
const MOST_WORDS_BYTES = 4 * 1024;

export interface StoreKeeping {
  /** For the relay that is configured now. @throws AgentFault, UsageError */
  resolve(): Promise<HandedIdentity>;
  /** @param offered by a worker, which may be anything. @throws AgentFault `store-unwritable` */
  store(offered: unknown): Promise<void>;
  lastWords(): LastWords | undefined;
}

const refuse = (why: string): never => {
  throw new AgentFault('store-unwritable', `what the worker wants stored ${why}`);
};

/** Of what a worker offers, only what the relay has said counts; whose it is, the supervisor knows itself. */
const offeredFor = (offered: unknown, relay: string, { machineId }: Resolved): HeldCredential => {
  const held = parseHeld(offered) ?? refuse('is not a credential');
  if (held.relay !== relay || held.machineId !== machineId)
    return refuse('is not for this machine at the configured relay');
  return held;
};

export const openStore = (options: AgentOptions, log: Log): StoreKeeping => {
  const dir = dataDir(options);
  let current: { readonly relay: string; readonly resolved: Resolved } | undefined;
  return {
    resolve: async () => {
      const config = loadConfig(options);
      const resolved = await resolveCredential({ config, dataDir: dir, log: partLog(log, 'store') });
      const { relay } = config;
      const identity = handOver(relay, resolved);
      if (Buffer.byteLength(JSON.stringify(identity)) > MOST_HANDED_BYTES)
        throw new AgentFault('store-unreadable', 'what is stored is too long to be handed to a worker');
      current = { relay, resolved };
      return identity;
    },
    store: async (offered) => {
      if (current === undefined) return refuse('comes before anything was handed over');
      const { relay, resolved } = current;
      const { agentId, credential, enrolledAt } = offeredFor(offered, relay, resolved);
      await resolved.write(resolved.credentialOf({ agentId, credential }, enrolledAt));
    },
    lastWords: () => {
      const words = readLastWords(dir);
      return words && fitLastWords(words, MOST_WORDS_BYTES);
    },
  };
};
