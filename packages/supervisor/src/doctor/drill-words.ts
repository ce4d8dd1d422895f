/** Whether a drill may begin, and what came of it. Pure. */
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { RECOVERY } from '../manage/service-definition.ts';
import { isRecoveryWhole } from '../manage/recovery.ts';
import type { StatusFacts } from '../manage/status-facts.ts';
import { trustedLive } from '../manage/status-verdict.ts';
import type { DrillResult } from './crash-drill.ts';

export interface Victim {
  readonly pid: number;
  readonly workerPid: number;
}

const UNTOLD = 'this platform does not tell its recovery actions';

/**
 * The worker of a service that is online, and that recovery is set for: a machine that may not come back is not drilled.
 * @param evenUntold where the platform does not know recovery at all: then it shows that nothing restarts.
 * @returns the worker, or why there is no drill.
 */
export const victimOf = (facts: StatusFacts, evenUntold: boolean): Victim | string => {
  const { service } = facts;
  if (service.kind !== 'installed') return 'no service is installed, and nothing would restart the agent';
  const live = trustedLive(facts);
  if (live?.mode !== 'service' || live.workerPid === undefined) return 'the service has no worker now';
  const { failureActions, failureFlag } = service;
  if (failureActions.kind === 'unknown-level' || failureFlag.kind === 'unknown-level') {
    if (!evenUntold) return UNTOLD;
  } else if (failureActions.kind === 'failed' || failureFlag.kind === 'failed') {
    return 'its recovery cannot be looked at';
  } else if (!isRecoveryWhole(failureActions.value, failureFlag.value)) {
    return 'recovery is not as installed, and might not bring the agent back: "guruconnect doctor --fix" first';
  }
  return live.link?.state === 'online'
    ? { pid: live.pid, workerPid: live.workerPid }
    : 'the agent is not online, so that it could not be seen to come back: "guruconnect doctor" says why';
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const LONGEST_MIN = Math.max(...RECOVERY.actions.map(({ delayMs }) => delayMs)) / 60_000;

const resultLine = (result: DrillResult): string => {
  if (result.kind === 'recovered')
    return `the agent came back by itself: online ${seconds(result.passed.at(-1)?.afterMs ?? 0)} after its worker was killed`;
  const missed = {
    'worker killed': 'the worker could not be killed',
    'service stopped': 'the service did not notice the end of its worker',
    'restarted by the SCM':
      `not restarted: the SCM did not start the service in time. After five failures within a day it waits ${LONGEST_MIN} min; ` +
      'and the failure-actions flag may take effect only with the next start of Windows',
    online:
      'the service was restarted, and the agent did not come online in time: "guruconnect doctor" says why',
  }[result.missing];
  return `failed: ${missed}`;
};

const handLine = (result: DrillResult): readonly string[] => {
  if (result.kind === 'recovered') return [];
  if (result.why !== undefined)
    return [`THE SERVICE IS STOPPED, and could not be started by hand: ${result.why}`];
  return result.started ? ['the service was started again by hand'] : [];
};

export const drillLines = (result: DrillResult): readonly string[] => [
  ...result.passed.map(({ phase, afterMs }) => `  ${seconds(afterMs).padStart(8)}  ${phase}`),
  resultLine(result),
  ...handLine(result),
];

export const drillExitCode = ({ kind }: DrillResult): ExitCode =>
  kind === 'recovered' ? EXIT.ok : EXIT.unhealthy;
