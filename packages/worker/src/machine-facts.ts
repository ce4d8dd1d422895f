/** What the relay is told about this machine. */
import { hostname, release } from 'node:os';
import { VERSION } from '@guruconnect/shared/identity';
import type { EnrollRequest } from '@guruconnect/shared/relay-protocol';

const MAX_TEXT = 256;

/** @param machineId UUID that this installation keeps. */
export const machineFacts = (machineId: string): EnrollRequest => ({
  machineId,
  hostname: hostname().slice(0, MAX_TEXT),
  platform: `${process.platform}-${process.arch} ${release()}`.slice(0, MAX_TEXT),
  agentVersion: VERSION,
});
