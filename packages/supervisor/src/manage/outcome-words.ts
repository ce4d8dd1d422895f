/** What a command has done, in lines for a person, and its exit code. Pure. */
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import type { Arrival } from './arrival.ts';
import type { SettingOutcome } from './recovery.ts';
import type { Stopped } from './stop-service.ts';

export interface Report {
  readonly lines: readonly string[];
  readonly code: ExitCode;
  /** The same for programs (`--json`). */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What the agent does without it: it is there, and comes back. */
const isNeeded = ({ setting }: SettingOutcome): boolean => setting !== 'event source';

/**
 * One warning for all the settings that the platform does not know, and a line for each that could not be set; a warning as well
 * where the agent does without it.
 */
export const settingsReport = (outcomes: readonly SettingOutcome[]): Report => {
  const unknown = outcomes.flatMap(({ kind, setting }) => (kind === 'unknown' ? [setting] : []));
  const failed = outcomes.filter((outcome) => outcome.kind === 'failed');
  const words = failed.map((outcome) => {
    const weight = isNeeded(outcome) ? 'error' : 'warning';
    return `${weight}: the ${outcome.setting} could not be set: ${outcome.why}`;
  });
  return {
    lines: [
      ...(unknown.length === 0
        ? []
        : [`warning: this Windows does not know: ${unknown.join(', ')} (error 124)`]),
      ...words,
    ],
    code: failed.some(isNeeded) ? EXIT.failed : EXIT.ok,
    facts: { settings: outcomes },
  };
};

/** Of an uninstallation, which is done all the same. */
export const eventSourceRemark = (trouble: string | undefined): Report => ({
  lines: trouble === undefined ? [] : [`warning: the event source could not be removed: ${trouble}`],
  code: EXIT.ok,
});

export const arrivalReport = (done: string, arrival: Arrival): Report => ({
  ...arrivalWords(done, arrival),
  facts: { arrival },
});

const arrivalWords = (done: string, arrival: Arrival): Report => {
  switch (arrival.kind) {
    case 'online':
      return { lines: [`${done}: online at ${arrival.relay}`], code: EXIT.ok };
    case 'trying':
      return {
        lines: [`${done}: running, not online yet (${arrival.why}); it goes on trying`],
        code: EXIT.ok,
      };
    case 'ended':
      return {
        lines: [`${done}, and ended again: ${arrival.why}; "guruconnect status" and the log say more`],
        code: EXIT.failed,
      };
  }
};

/** What there is to remark on a stop, if anything. */
const troubleOf = ({ forced, hung }: Omit<Stopped, 'already'>): string | undefined => {
  if (forced) return 'did not stop by itself and was ended by force';
  return hung === true ? 'stopped, but its supervisor did not answer in time and was ended' : undefined;
};

const stopFacts = ({ forced, hung }: Omit<Stopped, 'already'>): object => ({ forced, hung: hung === true });

export const stopReport = ({ already, ...how }: Stopped): Report => ({
  lines: [`${SERVICE_NAME} ${already ? 'is stopped already' : (troubleOf(how) ?? 'stopped')}`],
  code: EXIT.ok,
  facts: { result: already ? 'already-stopped' : 'stopped', ...stopFacts(how) },
});

/** The remark on the stop that a restart began with. */
export const restartRemark = (how: Omit<Stopped, 'already'>): Report => {
  const trouble = troubleOf(how);
  return {
    lines: trouble === undefined ? [] : [`warning: ${SERVICE_NAME} ${trouble}`],
    code: EXIT.ok,
    facts: { ...stopFacts(how) },
  };
};

export const join = (...reports: readonly Report[]): Report => ({
  lines: reports.flatMap(({ lines }) => lines),
  code: reports.find(({ code }) => code !== EXIT.ok)?.code ?? EXIT.ok,
  facts: Object.assign({}, ...reports.map(({ facts }) => facts)) as Readonly<Record<string, unknown>>,
});
