/** `guruconnect service-run`: the dispatcher is connected before anything else is loaded, as the SCM waits only so long. */
import type { ScmAddon, ScmBounds } from '@guruconnect/native';
import { parseAgentOptions } from '@guruconnect/shared/agent-options';
import type { ExitCode } from '@guruconnect/shared/exit-codes';
import { complaint, exitCodeOf } from './complaint.ts';
import type { EventLog } from './event-log/event-log.ts';
import type { SpawnWorker } from './host.ts';
import { connectScm, failService } from './scm-host.ts';
import { takeUncaught } from './uncaught.ts';
import type { Launch } from './worker-program.ts';

/** What the tests replace. */
export interface ServiceReplacements {
  readonly bounds?: ScmBounds;
  readonly spawnWorker?: SpawnWorker;
  /** What starts the product's own worker. */
  readonly launch?: Launch;
  readonly events?: EventLog;
}

/** Whatever goes wrong, and wherever, the SCM hears of it once, and the process ends. */
export const runServiceCommand = async (
  args: readonly string[],
  addon: ScmAddon,
  { bounds, ...replacements }: ServiceReplacements = {},
): Promise<ExitCode> => {
  const uncaught = takeUncaught();
  const connection = connectScm(addon, bounds);
  try {
    const { options } = parseAgentOptions(args);
    const run = async (): Promise<ExitCode> => {
      const { enterService } = await import('./service-entry.ts');
      const start = await enterService(addon, connection, options, replacements);
      const { runService } = await import('./service.ts');
      return runService({ addon, connection, options, uncaught, start, ...replacements });
    };
    return await Promise.race([run(), uncaught.early]);
  } catch (error) {
    await failService(addon, connection, async () => {
      await (await import('./entry-log.ts')).logEntryFailure(args, error);
      await (await import('./event-log/entry-event.ts')).tellEntryFailure(error, replacements.events);
    });
    process.stderr.write(complaint(error));
    // The dispatcher may still hold the process, in a state that nobody can end any more.
    process.exit(exitCodeOf(error));
  }
};
