/** `guruconnect install | uninstall | start | stop | restart`: options in, flows, lines and an exit code out. */
import type { OptionValues } from '@guruconnect/shared/agent-options';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { printable } from '@guruconnect/shared/printable';
import { UsageError } from '@guruconnect/shared/usage-error';
import type { Invocation } from '../cli/command-description.ts';
import { askStatus } from '../status-client.ts';
import { awaitArrival } from './arrival.ts';
import { type ManageContext, openContext } from './context.ts';
import { isAbandoned, needsGuard, startGuard } from './guard.ts';
import { install } from './install-command.ts';
import {
  type Report,
  arrivalReport,
  eventSourceRemark,
  join,
  restartRemark,
  stopReport,
} from './outcome-words.ts';
import { purge } from './purge.ts';
import { restartService, startService } from './start-service.ts';
import { stopService } from './stop-service.ts';
import { uninstallService } from './uninstall-service.ts';
import { uninterrupted } from './uninterrupted.ts';

type Asked = Pick<Invocation, 'options' | 'own'>;
type Run = (context: ManageContext, asked: Asked) => Promise<Report>;

const yesOrNo = (own: OptionValues, name: string): boolean | undefined => {
  const value = own[name];
  if (value === undefined) return undefined;
  if (value === 'yes' || value === 'no') return value === 'yes';
  throw new UsageError(`--${name}: not yes or no: ${String(value)}`);
};

const online = async (context: ManageContext, result: string, done: string): Promise<Report> =>
  join(
    { lines: [], code: EXIT.ok, facts: { result } },
    arrivalReport(done, await awaitArrival(context.ports, () => askStatus(context.data))),
  );

const start = async (context: ManageContext, { own }: Asked): Promise<Report> => {
  if (own['when-abandoned'] === true && !(await isAbandoned(process.stdin))) {
    return { lines: [], code: EXIT.ok };
  }
  const { already } = await startService(context.ports);
  return already
    ? online(context, 'already-running', `${SERVICE_NAME} is running already`)
    : online(context, 'started', `${SERVICE_NAME} started`);
};

const restart = async (context: ManageContext): Promise<Report> => {
  const how = await restartService(context.ports);
  return join(restartRemark(how), await online(context, 'restarted', `${SERVICE_NAME} restarted`));
};

const uninstall = async (context: ManageContext, { own }: Asked): Promise<Report> => {
  const { already, eventSourceTrouble } = await uninstallService(context.ports);
  const done = join(
    {
      lines: [`${SERVICE_NAME} ${already ? 'is not installed' : 'uninstalled'}`],
      code: EXIT.ok,
      facts: { result: already ? 'not-installed' : 'uninstalled' },
    },
    eventSourceRemark(eventSourceTrouble),
  );
  if (own['purge'] === true) return join(done, purge(context));
  return already
    ? done
    : join(done, {
        lines: [`${context.data}: kept, with the credential (--purge removes it)`],
        code: EXIT.ok,
        facts: { data: context.data, purged: false },
      });
};

const COMMANDS = {
  install: (context, { options, own }) =>
    install(context, {
      options,
      start: own['no-start'] !== true,
      allowInsecurePath: own['allow-insecure-path'] === true,
      takeOverData: own['take-over-data'] === true,
      delayedStart: yesOrNo(own, 'delayed-start'),
      reducedPrivileges: yesOrNo(own, 'reduced-privileges'),
    }),
  uninstall,
  start,
  stop: async ({ ports }) => stopReport(await stopService(ports)),
  restart,
} as const satisfies Record<string, Run>;

export type ManageCommand = keyof typeof COMMANDS;

const print = (command: ManageCommand, { lines, code, facts = {} }: Report, isJson: boolean): void => {
  process.stdout.write(
    isJson
      ? `${JSON.stringify({ command, exitCode: code, ...facts, lines }, undefined, 2)}\n`
      : lines.map((line) => `${printable(line)}\n`).join(''),
  );
};

/** @throws UsageError, NativeError, Win32Error, ServiceError */
export const runManage = async (name: ManageCommand, asked: Asked): Promise<ExitCode> => {
  const { options, own } = asked;
  const context = await openContext({ command: name, data: options.data, quiet: own['quiet'] === true });
  const { progress, manager } = context.ports;
  const command: Run = COMMANDS[name];
  try {
    await manager.authorize();
    const report = await uninterrupted(
      needsGuard(name, own) ? startGuard() : undefined,
      (line) => {
        progress.step(line);
      },
      () => command(context, asked),
    );
    progress.end();
    print(name, report, own['json'] === true);
    return report.code;
  } finally {
    progress.end();
  }
};
