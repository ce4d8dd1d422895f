/**
 * The relay as a program: for `npm start`, and for trying a worker by hand. One plain line per event on standard output.
 * Exit codes: 0 asked to stop, 1 could not listen or asked twice, 2 usage.
 */
import { randomBytes } from 'node:crypto';
import { parseCommandLine, USAGE, type CommandLine } from './command-line.ts';
import { describe } from './describe.ts';
import { startRelay, type Relay } from './relay.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const fail = (why: string, exitCode: number): void => {
  process.stderr.write(`relay: ${why}\n`);
  process.exitCode = exitCode;
};

const run = async ({ port, host, token }: Extract<CommandLine, { kind: 'run' }>): Promise<void> => {
  // The prefix keeps a leading `-` off a generated token: a command line would take it for an option.
  const enrollToken = token ?? `enroll_${randomBytes(24).toString('base64url')}`;
  const onEvent = (event: Parameters<typeof describe>[0]): void => {
    print(describe(event));
  };
  try {
    const relay = await startRelay({ port, host, enrollTokens: [enrollToken], onEvent });
    print(`relay: ${relay.url}`);
    if (token === undefined) print(`enrolment token: ${enrollToken}`);
    print(`npm run worker -- --relay ${relay.url} --enroll-token ${enrollToken}`);
    closeOnSignal(relay);
  } catch (error) {
    fail(listenError(error as NodeJS.ErrnoException, host, port), 1);
  }
};

const listenError = ({ code, message }: NodeJS.ErrnoException, host: string, port: number): string => {
  if (code === 'EADDRINUSE') return `port in use: ${host} port ${port}`;
  if (code === 'EACCES') return `not allowed to listen: ${host} port ${port}`;
  return message;
};

const closeOnSignal = (relay: Relay): void => {
  let asked = false;
  const stop = (): void => {
    if (asked) process.exit(1);
    asked = true;
    void relay.close();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
};

const commandLine = parseCommandLine(process.argv.slice(2));
if (commandLine.kind === 'run') await run(commandLine);
else if (commandLine.kind === 'help') print(USAGE);
else fail(`${commandLine.why} (${USAGE})`, 2);
