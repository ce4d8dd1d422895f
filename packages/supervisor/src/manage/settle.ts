/**
 * Waiting for a pending service, by Microsoft's rule: it makes progress while its check point grows before its wait hint
 * is over. Looked at and not listened to, since check points have no event (NotifyServiceStatusChange tells of states).
 * @see https://learn.microsoft.com/windows/win32/services/starting-a-service
 */
import { TIMING } from '@guruconnect/shared/timing';
import { type ManagePorts, sleep } from './ports.ts';
import type { ServiceStateName, ServiceStatus } from './service-manager.ts';
import { trueStatus } from './true-status.ts';

const PENDING: ReadonlySet<ServiceStateName> = new Set([
  'start-pending',
  'stop-pending',
  'continue-pending',
  'pause-pending',
]);

export const isPending = ({ state }: ServiceStatus): boolean => PENDING.has(state);

const patience = ({ waitHint }: ServiceStatus): number =>
  Math.min(Math.max(waitHint, TIMING.hintLeast), TIMING.hintMost);

const hasMoved = (from: ServiceStatus, to: ServiceStatus): boolean =>
  from.state !== to.state || to.checkPoint > from.checkPoint;

export interface Settled {
  readonly status: ServiceStatus;
  /** It is pending still, and either without progress for longer than its hint, or for too long altogether. */
  readonly stuck: boolean;
}

/** Resolves once the service is in no pending state, or stuck in one. At the latest after {@link TIMING.settle}. */
export const settle = async ({ manager, clock, progress }: ManagePorts, what: string): Promise<Settled> => {
  const end = clock.now() + TIMING.settle;
  let seen = await trueStatus(manager);
  if (!isPending(seen)) return { status: seen, stuck: false };
  progress.step(what, TIMING.settle);
  for (let movedAt = clock.now(); ;) {
    await sleep(clock, TIMING.statePoll);
    const status = await trueStatus(manager);
    if (!isPending(status)) return { status, stuck: false };
    const now = clock.now();
    if (hasMoved(seen, status)) movedAt = now;
    seen = status;
    if (now - movedAt > patience(status) || now > end) return { status, stuck: true };
  }
};
