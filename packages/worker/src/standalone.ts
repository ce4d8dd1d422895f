/** The worker alone in a console: stopped by Ctrl-C, talking to a person. The agent below is the very same. */
import { systemClock } from '@guruconnect/shared/clock';
import type { AgentOptions } from '@guruconnect/shared/config';
import { loadConfig } from '@guruconnect/shared/config-file';
import { dataDir } from '@guruconnect/shared/data-folder';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { createLog } from '@guruconnect/shared/log';
import pretty from 'pino-pretty';
import { runAgent } from './agent.ts';
import { stopFromConsole } from './signals.ts';

export const runStandalone = async (options: AgentOptions): Promise<ExitCode> => {
  const config = loadConfig(options);
  const { signal, release } = stopFromConsole();
  const stream = pretty({
    colorize: process.stdout.isTTY,
    sync: true,
    ignore: 'pid,hostname,name',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  });
  await runAgent({
    config,
    dataDir: dataDir(options),
    signal,
    clock: systemClock,
    random: Math.random,
    log: createLog('worker', config.logLevel, stream),
    onBeat: () => undefined,
  }).finally(release);
  return EXIT.ok;
};
