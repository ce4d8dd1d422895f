/** One enrolment as the link sees it: the request, the credential stored, and the event that tells how it went. */
import { partLog } from '@guruconnect/shared/log';
import { AgentFault } from './agent-fault.ts';
import type { AgentMemory, AgentPorts, Identity } from './agent-ports.ts';
import { EnrollRefused, REFUSED } from './enroll.ts';
import type { LinkEvent } from './link.ts';
import { lossOfError, lossOfStatus } from './loss.ts';
import { machineFacts } from './machine-facts.ts';
import { troubleOf } from './network/trouble.ts';
import type { StoredCredential } from './store/stored-credential.ts';
import type { Transport } from './transport.ts';

const exchange = async (
  ports: AgentPorts,
  { identity, config }: AgentMemory,
  transport: Transport,
  signal: AbortSignal,
): Promise<StoredCredential> => {
  const { machineId, formerMachineId, enrollReason: reason } = identity;
  const body = {
    ...machineFacts(machineId, { ...ports.machine, ...identity.product }),
    reason,
    ...(formerMachineId !== undefined && { formerMachineId }),
  };
  const answer = await transport.enroll(config.enrollToken ?? '', body, signal);
  return identity.keep(answer, new Date(ports.wallNow()).toISOString());
};

const eventOfError = (error: unknown, hasCredential: boolean, wallNow: number): LinkEvent => {
  if (error instanceof AgentFault) return { kind: 'store-failed' };
  if (!(error instanceof EnrollRefused)) return { kind: 'enroll-failed', loss: lossOfError(error) };
  // What the relay refused a moment ago it may take again: it is tried in turn with the token.
  if (REFUSED.has(error.status))
    return { kind: 'enroll-refused', next: hasCredential ? 'connect' : 'enroll' };
  return { kind: 'enroll-failed', loss: lossOfStatus(error.status, error.retryAfter, wallNow) };
};

/** The token is refused: what a clone has found keeps it reachable, and may be its own (a new board in an old machine). */
const fallBack = (identity: Identity): void => {
  if (identity.stored !== undefined || identity.fallback === undefined) return;
  identity.stored = identity.fallback;
  identity.clone = true;
};

const noteFailure = (event: LinkEvent, { metrics }: AgentMemory): void => {
  metrics.count('failures');
  if (event.kind === 'enroll-refused') metrics.count('authFailures');
};

/** @returns `undefined` where it was aborted meanwhile: nobody waits for its event any more. */
export const enrollOnce = async (
  ports: AgentPorts,
  memory: AgentMemory,
  transport: Transport,
  signal: AbortSignal,
): Promise<LinkEvent | undefined> => {
  const log = partLog(ports.log, 'enrolment');
  const { identity, metrics } = memory;
  try {
    identity.stored = await exchange(ports, memory, transport, signal);
    metrics.count('enrolments');
    // The time was over during the write: the next try would take this for its own answer.
    if (signal.aborted) return undefined;
    log.info({ agentId: identity.stored.agentId, reason: identity.enrollReason }, 'enrolled');
    return { kind: 'enrolled' };
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof EnrollRefused && REFUSED.has(error.status)) fallBack(identity);
    const event = eventOfError(error, identity.stored !== undefined, ports.wallNow());
    memory.trouble = troubleOf(error);
    if (error instanceof AgentFault) memory.fault = error;
    noteFailure(event, memory);
    log.warn({ why: memory.trouble }, 'enrolment failed');
    return event;
  }
};
