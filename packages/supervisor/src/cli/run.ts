/** The `guruconnect` command, but for `service-run`: options in, a command run, an exit code and one line about a failure out. */
import { usesColors } from '@guruconnect/shared/colors';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { exitCodeOf } from '../complaint.ts';
import type { RunWorker } from './command-description.ts';
import { tellFailure } from './failure.ts';
import { type CommandLine, parseCommandLine } from './parser.ts';
import { letReaderGo } from './reader.ts';

const VERBOSE = '--verbose';
/** A value that begins with a dash stands behind a `=`: nothing else can look like this. */
const isGiven = (args: readonly string[], flag: string): boolean => args.includes(flag);

const terminalWidth = (): number | undefined => (process.stdout.isTTY ? process.stdout.columns : undefined);

/** Of what was typed, what follows the name of a command. */
const argumentsOf = (typed: readonly string[], name: string): readonly string[] =>
  typed.filter((word) => word !== VERBOSE).slice(name.split(' ').length);

const run = (line: CommandLine, typed: readonly string[], runWorker: RunWorker): Promise<ExitCode> => {
  switch (line.kind) {
    case 'help':
      process.stdout.write(line.text);
      return Promise.resolve(EXIT.ok);
    case 'run': {
      const { command, ...understood } = line;
      return command.run({ ...understood, args: argumentsOf(typed, command.name), runWorker });
    }
  }
};

/** Never rejects. */
export const runCli = async (args: readonly string[], runWorker: RunWorker): Promise<ExitCode> => {
  for (const stream of [process.stdout, process.stderr]) letReaderGo(stream);
  try {
    const look = { colors: usesColors(process.stdout, process.env), width: terminalWidth() };
    return await run(parseCommandLine(args, look), args, runWorker);
  } catch (error) {
    const code = exitCodeOf(error);
    tellFailure(error, code, { verbose: isGiven(args, VERBOSE), json: isGiven(args, '--json') });
    return code;
  }
};
