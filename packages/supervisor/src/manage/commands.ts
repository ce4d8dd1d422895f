/** `guruconnect install | uninstall | start | stop | restart | status`: options in, flows, lines and an exit code out. */
import { parseAgentOptions } from '@guruconnect/shared/agent-options';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { printable } from '@guruconnect/shared/printable';
import { UsageError } from '@guruconnect/shared/usage-error';
import { askStatus } from '../status-client.ts';
import { awaitArrival } from './arrival.ts';
import { type ManageContext, openContext } from './context.ts';
import { isAbandoned, needsGuard, startGuard } from './guard.ts';
import { install } from './install-command.ts';
import { type Report, arrivalReport, join, restartRemark, stopReport } from './outcome-words.ts';
import { purge } from './purge.ts';
import { restartService, startService } from './start-service.ts';
import { stopService } from './stop-service.ts';
import { uninstallService } from './uninstall-service.ts';
import { uninterrupted } from './uninterrupted.ts';

type Own = Readonly<Record<string, string | boolean | undefined>>;
type Parsed = ReturnType<typeof parseAgentOptions>;

interface Command {
  /** Options beside `--quiet`. */
  readonly own: Parameters<typeof parseAgentOptions>[1];
  /** The agent's options that mean something here. */
  readonly agent: readonly string[];
  readonly run: (context: ManageContext, parsed: Parsed) => Promise<Report>;
}

const yesOrNo = (own: Own, name: string): boolean | undefined => {
  const value = own[name];
  if (value === undefined) return undefined;
  if (value === 'yes' || value === 'no') return value === 'yes';
  throw new UsageError(`--${name}: not yes or no: ${String(value)}`);
};

const online = async (context: ManageContext, done: string): Promise<Report> =>
  arrivalReport(done, await awaitArrival(context.ports, () => askStatus(context.data)));

const start = async (context: ManageContext, { own }: Parsed): Promise<Report> => {
  if (own['when-abandoned'] === true && !(await isAbandoned(process.stdin))) {
    return { lines: [], code: EXIT.ok };
  }
  const { already } = await startService(context.ports);
  return online(context, already ? `${SERVICE_NAME} is running already` : `${SERVICE_NAME} started`);
};

const restart = async (context: ManageContext): Promise<Report> => {
  const how = await restartService(context.ports);
  return join(restartRemark(how), await online(context, `${SERVICE_NAME} restarted`));
};

const uninstall = async (context: ManageContext, { own }: Parsed): Promise<Report> => {
  const { already } = await uninstallService(context.ports);
  const done: Report = {
    lines: [`${SERVICE_NAME} ${already ? 'is not installed' : 'uninstalled'}`],
    code: EXIT.ok,
  };
  if (own['purge'] === true) return join(done, purge(context));
  return already
    ? done
    : join(done, {
        lines: [`${context.data}: kept, with the credential (--purge removes it)`],
        code: EXIT.ok,
      });
};

const AGENT = [
  'relay',
  'enroll-token',
  'log-level',
  'ca',
  'proxy',
  'proxy-fallback',
  'pins',
  'metrics-port',
  'worker-account',
  'data',
];

const COMMANDS = {
  install: {
    own: {
      'no-start': { type: 'boolean' },
      'allow-insecure-path': { type: 'boolean' },
      'take-over-data': { type: 'boolean' },
      'delayed-start': { type: 'string' },
      'reduced-privileges': { type: 'string' },
    },
    agent: AGENT,
    run: (context, { options, own }) =>
      install(context, {
        options,
        start: own['no-start'] !== true,
        allowInsecurePath: own['allow-insecure-path'] === true,
        takeOverData: own['take-over-data'] === true,
        delayedStart: yesOrNo(own, 'delayed-start'),
        reducedPrivileges: yesOrNo(own, 'reduced-privileges'),
      }),
  },
  uninstall: { own: { purge: { type: 'boolean' } }, agent: ['data'], run: uninstall },
  start: { own: { 'when-abandoned': { type: 'boolean' } }, agent: [], run: start },
  stop: { own: {}, agent: [], run: async ({ ports }) => stopReport(await stopService(ports)) },
  restart: { own: {}, agent: [], run: restart },
} as const satisfies Record<string, Command>;

export type ManageCommand = keyof typeof COMMANDS;

const parse = (name: ManageCommand, args: readonly string[]): Parsed => {
  const { own, agent }: Command = COMMANDS[name];
  const parsed = parseAgentOptions(args, { ...own, quiet: { type: 'boolean', short: 'q' } });
  const stranger = [...AGENT, 'config'].find(
    (flag) => parsed.own[flag] !== undefined && !agent.includes(flag),
  );
  if (stranger !== undefined) throw new UsageError(`unknown option '--${stranger}'`);
  return parsed;
};

/** @throws UsageError, NativeError, Win32Error, ServiceError */
export const runManage = async (name: ManageCommand, args: readonly string[]): Promise<ExitCode> => {
  const parsed = parse(name, args);
  const quiet = parsed.own['quiet'] === true;
  const context = await openContext({ command: name, data: parsed.options.data, quiet });
  const { progress, manager } = context.ports;
  const command: Command = COMMANDS[name];
  try {
    await manager.authorize();
    const { lines, code } = await uninterrupted(
      needsGuard(name, parsed.own) ? startGuard() : undefined,
      (line) => {
        progress.step(line);
      },
      () => command.run(context, parsed),
    );
    progress.end();
    for (const line of lines) process.stdout.write(`${printable(line)}\n`);
    return code;
  } finally {
    progress.end();
  }
};
