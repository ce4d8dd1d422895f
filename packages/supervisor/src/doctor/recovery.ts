/** Recovery: the actions and the flag, each compared with what install sets. Pure. */
import { describeRecovery } from '../manage/recovery-words.ts';
import { isRecoveryWhole } from '../manage/recovery.ts';
import type { InstalledService } from '../manage/status-facts.ts';
import { type Verdict, failed, ok, skipped, warning } from './check.ts';
import type { DoctorFacts } from './facts.ts';
import { FIX, noService } from './registration.ts';

const UNKNOWN = 'this platform does not know the setting (error 124)';

/** What the actions come to, were the flag set: that one is a check of its own. */
const actionWords = (service: InstalledService): string => {
  const flag = { kind: 'value', value: true } as const;
  return describeRecovery({ ...service, failureFlag: flag })[0].replace(/; "guruconnect install".*/, '');
};

export const judgeRecovery = (facts: DoctorFacts): Verdict => {
  const { service } = facts.status;
  if (service.kind !== 'installed') return noService(facts);
  const { failureActions } = service;
  switch (failureActions.kind) {
    case 'unknown-level':
      return skipped(UNKNOWN);
    case 'failed':
      return skipped(`could not be looked at: ${failureActions.why}`);
    case 'value': {
      if (isRecoveryWhole(failureActions.value, true)) return ok(actionWords(service));
      const none = !failureActions.value.actions.some(({ kind }) => kind === 'restart');
      return none
        ? failed('nothing restarts the agent where it fails', FIX, actionWords(service))
        : warning('the recovery actions are not as installed', FIX, actionWords(service));
    }
  }
};

export const judgeFailureFlag = (facts: DoctorFacts): Verdict => {
  const { service } = facts.status;
  if (service.kind !== 'installed') return noService(facts);
  const { failureFlag } = service;
  switch (failureFlag.kind) {
    case 'unknown-level':
      return skipped(UNKNOWN);
    case 'failed':
      return skipped(`could not be looked at: ${failureFlag.why}`);
    case 'value':
      return failureFlag.value
        ? ok('set: a reported failure counts as well')
        : failed('the failure-actions flag is off: the death of the worker restarts nothing', FIX);
  }
};
