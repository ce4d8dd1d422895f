/** Who this machine is to the relay, by its data folder. */
import type { Config } from '@guruconnect/shared/config';
import type { Log } from '@guruconnect/shared/log';
import type { Identity } from './agent-ports.ts';
import { resolveCredential } from '@guruconnect/store/resolve-credential';

/** @throws AgentFault where it can be nobody */
export const resolveIdentity = async (config: Config, dataDir: string, log: Log): Promise<Identity> => {
  const { enrolReason = 'first', ...resolved } = await resolveCredential({ config, dataDir, log });
  return { ...resolved, enrollReason: enrolReason };
};
