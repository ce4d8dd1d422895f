/** One enrolment as the link sees it: the request, the credential stored, and the event that tells how it went. */
import { partLog } from '@guruconnect/shared/log';
import { printable } from '@guruconnect/shared/printable';
import type { EnrollRequest } from '@guruconnect/shared/relay-protocol';
import type { AgentMemory, AgentPorts } from './agent-ports.ts';
import { EnrollRefused, REFUSED } from './enroll.ts';
import type { Keeper } from './keeper.ts';
import type { LinkEvent, Next } from './link.ts';
import { lossOfError, lossOfStatus } from './loss.ts';
import { machineFacts } from './machine-facts.ts';
import { troubleOf } from './network/trouble.ts';
import type { Loss } from './reconnect.ts';
import type { Transport } from './transport.ts';

/** A clone uses what it has found after so many, where the relay does not say no. */
const FALLBACK_TRIES = 6;

const bodyOf = ({ machine }: AgentPorts, { identity }: AgentMemory): EnrollRequest => {
  const { machineId, formerMachineId, enrollReason: reason, product } = identity;
  return {
    ...machineFacts(machineId, { ...machine, ...product }),
    reason,
    ...(formerMachineId !== undefined && { formerMachineId }),
  };
};

/**
 * A machine that looks like a clone and cannot enrol: what it has found keeps it reachable, and may be its own (a new board in an
 * old machine). Only where the relay says no, or does not answer for long: else a clone whose network is late would
 * displace the machine that it was copied from.
 */
const fallBack = ({ identity, failedEnrolments }: AgentMemory, isRefused: boolean): void => {
  if (identity.stored !== undefined || identity.fallback === undefined) return;
  if (!isRefused && failedEnrolments < FALLBACK_TRIES) return;
  identity.stored = identity.fallback;
  identity.clone = true;
};

const nextAfter = ({ identity }: AgentMemory): Next => (identity.stored === undefined ? 'enroll' : 'connect');

const isNo = (error: unknown): boolean =>
  error instanceof EnrollRefused && error.status >= 400 && error.status < 500 && error.status !== 429;

const lossOf = (error: unknown, wallNow: number): Loss =>
  error instanceof EnrollRefused
    ? lossOfStatus(error.status, error.retryAfter, error.date, wallNow)
    : lossOfError(error);

/** Counts the failure, and says where to go on: whatever is wrong with the enrolment, the relay may take the credential. */
const eventOfError = (error: unknown, memory: AgentMemory, wallNow: number): LinkEvent => {
  const loss = lossOf(error, wallNow);
  const isRefused = error instanceof EnrollRefused && REFUSED.has(error.status);
  memory.trouble = troubleOf(error);
  memory.metrics.count('failures');
  if (isRefused) memory.metrics.count('authFailures');
  if (loss.kind !== 'network') memory.failedEnrolments += 1;
  fallBack(memory, isNo(error));
  const next = nextAfter(memory);
  return isRefused ? { kind: 'enroll-refused', next } : { kind: 'enroll-failed', loss, next };
};

/** An enrolment that had no answer within its time. @returns what comes next. */
export const afterSilence = (memory: AgentMemory): Next => {
  memory.failedEnrolments += 1;
  fallBack(memory, false);
  return nextAfter(memory);
};

/** @returns `undefined` where it was aborted meanwhile: nobody waits for its event any more. */
export const enrollOnce = async (
  ports: AgentPorts,
  memory: AgentMemory,
  transport: Transport,
  keeper: Keeper,
  signal: AbortSignal,
): Promise<LinkEvent | undefined> => {
  const log = partLog(ports.log, 'enrolment');
  const { identity, config } = memory;
  try {
    // It may have been taken away while it was waited for.
    if (config.enrollToken === undefined) throw new Error('there is no enrolment token any more');
    const answer = await transport.enroll(config.enrollToken, bodyOf(ports, memory), signal);
    identity.stored = identity.credentialOf(answer, new Date(ports.wallNow()).toISOString());
    identity.clone = false;
    memory.failedEnrolments = 0;
    memory.metrics.count('enrolments');
    log.info({ agentId: printable(answer.agentId), reason: identity.enrollReason }, 'enrolled');
    await keeper.keep(identity.stored);
    // The time was over during the write: the next try would take this for its own answer.
    return signal.aborted ? undefined : { kind: 'enrolled' };
  } catch (error) {
    if (signal.aborted) return undefined;
    const event = eventOfError(error, memory, ports.wallNow());
    log.warn({ why: memory.trouble }, 'enrolment failed');
    return event;
  }
};
