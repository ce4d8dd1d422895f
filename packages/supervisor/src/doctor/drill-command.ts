/** `guruconnect doctor --crash-drill` on the real machine. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '@guruconnect/shared/clock';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { printable } from '@guruconnect/shared/printable';
import { TIMING } from '@guruconnect/shared/timing';
import { UsageError } from '@guruconnect/shared/usage-error';
import { startGuard } from '../manage/guard.ts';
import { openContext } from '../manage/context.ts';
import { startService } from '../manage/start-service.ts';
import { gatherStatus } from '../manage/status-facts.ts';
import { trueStatus } from '../manage/true-status.ts';
import { uninterrupted } from '../manage/uninterrupted.ts';
import { askStatus } from '../status-client.ts';
import { type DrillBounds, crashDrill } from './crash-drill.ts';
import type { Patient } from './doctor-command.ts';
import { agreedVictim, askYes } from './drill-consent.ts';
import { type Victim, drillExitCode, drillLines, victimOf } from './drill-words.ts';

export interface DrillChoices {
  readonly json: boolean;
  /** Do not ask. */
  readonly yes: boolean;
}

const QUESTION =
  'This kills the worker of the running service, and waits until Windows has brought it back. A remote session over it ends.\n' +
  'Go on? [y/N] ';

const requireTerminal = (): void => {
  if (!process.stdin.isTTY)
    throw new UsageError(
      'doctor --crash-drill asks first, and there is no terminal to ask at: --yes answers for you',
    );
};

/** LocalSystem's processes let an administrator end them with a privilege that Node does not switch on: taskkill does. */
const kill = async (pid: number): Promise<void> => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    const taskkill = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe');
    await promisify(execFile)(taskkill, ['/F', '/PID', String(pid)], {
      windowsHide: true,
      timeout: TIMING.doctorLook,
    });
  }
};

const tellDeclined = (json: boolean): ExitCode => {
  process.stdout.write(
    json
      ? `${JSON.stringify({ kind: 'not-drilled', exitCode: EXIT.ok }, undefined, 2)}\n`
      : 'not drilled: nothing was killed\n',
  );
  return EXIT.ok;
};

/** What the tests replace. */
export interface DrillReplacements {
  readonly bounds?: DrillBounds;
  /** Also where the platform does not tell its recovery. */
  readonly evenUntold?: boolean;
}

/** @throws UsageError where there is nothing to drill; Win32Error */
export const runDrill = async (
  { options }: Patient,
  { json, yes }: DrillChoices,
  { bounds, evenUntold = false }: DrillReplacements = {},
): Promise<ExitCode> => {
  const context = await openContext({ command: 'doctor --crash-drill', data: options.data, quiet: json });
  if (!yes) requireTerminal();
  const { manager, progress } = context.ports;
  await manager.authorize();
  const findVictim = async (): Promise<Victim> => {
    const victim = victimOf(await gatherStatus(manager, options), evenUntold);
    if (typeof victim === 'string') throw new UsageError(`doctor --crash-drill: ${victim}`);
    return victim;
  };
  const ask = yes ? undefined : () => askYes(QUESTION, process.stdin, process.stderr);
  const victim = await agreedVictim(findVictim, ask);
  if (victim === undefined) return tellDeclined(json);
  try {
    // It starts the service, should this command end before the SCM has: a machine is not left stopped.
    const result = await uninterrupted(startGuard(), progress.step, () =>
      crashDrill(
        {
          clock: systemClock,
          status: () => trueStatus(manager),
          ask: () => askStatus(options.data),
          kill,
          start: async () => {
            await startService(context.ports);
          },
          step: progress.step,
        },
        victim,
        bounds,
      ),
    );
    progress.end();
    process.stdout.write(
      json
        ? `${JSON.stringify({ ...result, exitCode: drillExitCode(result) }, undefined, 2)}\n`
        : drillLines(result)
            .map((line) => `${printable(line)}\n`)
            .join(''),
    );
    return drillExitCode(result);
  } finally {
    progress.end();
  }
};
