/** What a command has done, in lines for a person, and its exit code. Pure. */
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import type { Arrival } from './arrival.ts';
import type { SettingOutcome } from './recovery.ts';
import type { Stopped } from './stop-service.ts';

export interface Report {
  readonly lines: readonly string[];
  readonly code: ExitCode;
}

/** One warning for all the settings that the platform does not know, and a line for each that could not be set. */
export const settingsReport = (outcomes: readonly SettingOutcome[]): Report => {
  const unknown = outcomes.flatMap(({ kind, setting }) => (kind === 'unknown' ? [setting] : []));
  const failed = outcomes.flatMap((outcome) =>
    outcome.kind === 'failed' ? [`error: the ${outcome.setting} could not be set: ${outcome.why}`] : [],
  );
  return {
    lines: [
      ...(unknown.length === 0
        ? []
        : [`warning: this Windows does not know: ${unknown.join(', ')} (error 124)`]),
      ...failed,
    ],
    code: failed.length === 0 ? EXIT.ok : EXIT.failed,
  };
};

export const arrivalReport = (done: string, arrival: Arrival): Report => {
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

export const stopReport = ({ already, ...how }: Stopped): Report => ({
  lines: [`${SERVICE_NAME} ${already ? 'is stopped already' : (troubleOf(how) ?? 'stopped')}`],
  code: EXIT.ok,
});

/** The remark on the stop that a restart began with. */
export const restartRemark = (how: Omit<Stopped, 'already'>): Report => {
  const trouble = troubleOf(how);
  return { lines: trouble === undefined ? [] : [`warning: ${SERVICE_NAME} ${trouble}`], code: EXIT.ok };
};

export const join = (...reports: readonly Report[]): Report => ({
  lines: reports.flatMap(({ lines }) => lines),
  code: reports.find(({ code }) => code !== EXIT.ok)?.code ?? EXIT.ok,
});
