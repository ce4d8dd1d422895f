/** What became of the service's recovery, as events: of `install`, which sets it, and of a service that finds it changed. Pure. */
import type { SettingOutcome } from '../manage/recovery.ts';
import type { AgentEvent } from './events.ts';

/** What the others are about is no matter of being started again. */
const RECOVERY: readonly SettingOutcome['setting'][] = ['recovery actions', 'failure-actions flag'];

const isRecovery = ({ setting }: SettingOutcome): boolean => RECOVERY.includes(setting);

const failures = (outcomes: readonly SettingOutcome[]): readonly AgentEvent[] =>
  outcomes.flatMap((outcome) =>
    outcome.kind === 'failed' && isRecovery(outcome)
      ? [{ kind: 'recovery-not-set', setting: outcome.setting, reason: outcome.why }]
      : [],
  );

const changed = (outcomes: readonly SettingOutcome[]): readonly string[] =>
  outcomes.flatMap((outcome) =>
    outcome.kind === 'so' && outcome.changed && isRecovery(outcome) ? [outcome.setting] : [],
  );

/** Of a service's start. */
export const driftEvents = (outcomes: readonly SettingOutcome[]): readonly AgentEvent[] => [
  ...failures(outcomes),
  ...changed(outcomes).map((setting) => ({ kind: 'recovery-drifted', setting }) as const),
];

/** Of an installation. */
export const configuredEvents = (outcomes: readonly SettingOutcome[]): readonly AgentEvent[] => {
  const settings = changed(outcomes);
  return [
    ...failures(outcomes),
    ...(settings.length === 0
      ? []
      : [{ kind: 'recovery-configured', settings: settings.join(', ') } as const]),
  ];
};
