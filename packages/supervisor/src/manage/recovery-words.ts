/** Recovery as it reads back, in words. Pure. */
import { formatBound } from '../duration.ts';
import { isRecoveryWhole } from './recovery.ts';
import type { RecoveryAction } from './service-manager.ts';
import type { InstalledService } from './status-facts.ts';
import type { Tone } from './status-report.ts';

const NO_FLAG = 'only if the process vanishes (the failure-actions flag is off)';
const REPAIR = '; "guruconnect install" repairs it';

const describeAction = ({ kind, delayMs }: RecoveryAction): string => {
  if (kind === 'none') return 'nothing';
  return kind === 'restart' ? formatBound(delayMs) : `${kind} after ${formatBound(delayMs)}`;
};

export const describeRecovery = ({
  failureActions,
  failureFlag,
}: Pick<InstalledService, 'failureActions' | 'failureFlag'>): readonly [string, Tone] => {
  if (failureActions.kind === 'unknown-level') return ['this Windows does not tell', 'busy'];
  if (failureActions.kind === 'failed') return [failureActions.why, 'bad'];
  if (failureFlag.kind === 'failed') return [failureFlag.why, 'bad'];
  const { actions, resetPeriodS } = failureActions.value;
  if (!actions.some(({ kind }) => kind !== 'none')) return [`none${REPAIR}`, 'bad'];
  const steps = actions.map(describeAction).join(', ');
  const text = `restart after ${steps}; counted anew after ${formatBound(resetPeriodS * 1000)}`;
  if (failureFlag.kind === 'unknown-level') return [`${text}; this Windows knows no flag`, 'busy'];
  if (!failureFlag.value) return [`${text}; ${NO_FLAG}${REPAIR}`, 'bad'];
  return isRecoveryWhole(failureActions.value, true)
    ? [text, 'plain']
    : [`${text}; not as installed${REPAIR}`, 'bad'];
};
