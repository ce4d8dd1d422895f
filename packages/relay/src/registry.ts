import { randomUUID } from 'node:crypto';
import { digest, newCredential } from './secrets.ts';

/**
 * The machines enrolled, in memory. A machine has one agent id for good and one credential at a time, of which only the
 * SHA-256 is kept: enrolling again supersedes the former credential, so a copy of it is worth nothing any more.
 * Passing one registry to two relays in turn makes the second a restart of the first.
 */
export interface Registry {
  /** Enrols a machine, or enrols it again. The credential exists nowhere else. */
  enrol(machineId: string): { readonly agentId: string; readonly credential: string };
  /** The agent that holds this credential now, or undefined. */
  agentOf(credential: string): string | undefined;
  /** Makes an agent's credential invalid; false if it had none. */
  revoke(agentId: string): boolean;
  /** Machines with a credential. */
  size(): number;
}

export const createRegistry = (): Registry => {
  const agentOfMachine = new Map<string, string>();
  const digestOfAgent = new Map<string, string>();
  const agentOfDigest = new Map<string, string>();

  const revoke = (agentId: string): boolean => {
    const held = digestOfAgent.get(agentId);
    digestOfAgent.delete(agentId);
    return held !== undefined && agentOfDigest.delete(held);
  };

  return {
    revoke,
    size: () => agentOfDigest.size,
    agentOf: (credential) => agentOfDigest.get(digest(credential).toString('hex')),
    enrol(machineId) {
      // A UUID is the same in either case (RFC 9562 section 4).
      const machine = machineId.toLowerCase();
      const agentId = agentOfMachine.get(machine) ?? randomUUID();
      const credential = newCredential();
      const held = digest(credential).toString('hex');
      revoke(agentId);
      agentOfMachine.set(machine, agentId);
      digestOfAgent.set(agentId, held);
      agentOfDigest.set(held, agentId);
      return { agentId, credential };
    },
  };
};
