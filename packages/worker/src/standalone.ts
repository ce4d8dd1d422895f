/** The worker alone in a console: stopped by Ctrl-C, talking to a person. The agent below is the very same. */
import { usesColors } from '@guruconnect/shared/colors';
import type { AgentOptions } from '@guruconnect/shared/config';
import { loadConfig } from '@guruconnect/shared/config-file';
import { dataDir } from '@guruconnect/shared/data-folder';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { scrubLines, writeLastWords } from '@guruconnect/shared/last-words';
import { createLog } from '@guruconnect/shared/log';
import pretty from 'pino-pretty';
import { AgentFault } from '@guruconnect/shared/agent-fault';
import { openLastWords, secretsOf, wordsInFile } from './last-words.ts';
import { stopFromConsole } from './signals.ts';
import { work } from './work.ts';

export const runStandalone = async (options: AgentOptions): Promise<ExitCode> => {
  const config = loadConfig(options);
  const { signal, release } = stopFromConsole();
  const stream = pretty({
    colorize: usesColors(process.stdout, process.env),
    sync: true,
    ignore: 'pid,hostname,name',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  });
  const dir = dataDir(options);
  try {
    await work({
      options,
      config,
      signal,
      log: createLog('worker', config.logLevel, stream),
      afterBoot: false,
      lastWords: openLastWords(wordsInFile(dir), undefined, secretsOf(config)),
      onBeat: () => undefined,
    });
    return EXIT.ok;
  } catch (error) {
    // Under a supervisor it is the supervisor that writes this down.
    if (error instanceof AgentFault) {
      writeLastWords(dir, {
        reason: error.code,
        at: new Date().toISOString(),
        lines: scrubLines([error.message]),
      });
    }
    throw error;
  } finally {
    release();
  }
};
