/** What a person at the console sees: one small state, fed by notices, drawn as text. Pure. */
import type { Beat } from '@guruconnect/shared/pipe-protocol';
import { messageOf } from '@guruconnect/shared/usage-error';
import { formatDuration, formatRoundTrip } from './duration.ts';
import type { Hang } from './hang.ts';
import type { ServiceState } from './machine.ts';
import type { Notice, WorkerExit } from './host.ts';

export interface ConsoleStatus {
  readonly service: ServiceState['kind'];
  readonly workerPid?: number | undefined;
  readonly beat?: Beat;
  /** Whatever the person should know: a fault, a worker's death, a kill. */
  readonly note?: string;
  /** The worker ended by itself with exit code 0. */
  readonly clean?: boolean;
}

export const INITIAL_STATUS: ConsoleStatus = { service: 'starting' };

/** The line of a death that says why, as Node and V8 write it; else the last one. */
const mainWords = (lines: readonly string[]): string | undefined =>
  lines.findLast((line) => /^(Uncaught )?[A-Za-z]*Error\b|^FATAL ERROR|^guruconnect/.test(line)) ??
  lines.at(-1);

const KILLED = {
  hello: 'the worker did not say hello in time',
  stop: 'the worker did not stop in time',
  shutdown: 'the worker did not stop in time',
  exit: 'the worker closed its pipe and did not end',
  hung: 'the worker was not heard of any more',
} as const;

const HUNG: Readonly<Record<Hang, string>> = {
  busy: 'the worker hung (its event loop was busy without an end)',
  blocked: 'the worker hung (its event loop was blocked)',
  stopped: 'the worker hung (its process was stopped)',
  pool: "the worker hung (libuv's threads were all blocked)",
  unseen: KILLED.hung,
};

const describeKill = (after: keyof typeof KILLED, hang: Hang | undefined): string =>
  `${hang === undefined ? KILLED[after] : HUNG[hang]} and was killed`;

const describeExit = ({ code, signal, lastWords }: WorkerExit): string => {
  const how = signal === undefined ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
  const words = mainWords(lastWords);
  return `the worker ended with ${how}${words === undefined ? '' : `: ${words}`}`;
};

const afterExit = (status: ConsoleStatus, exit: WorkerExit): ConsoleStatus => {
  if (exit.code === 0) return { ...status, workerPid: undefined, clean: true };
  // What it said last of its link is not true any more.
  const { beat: _beat, ...rest } = status;
  return { ...rest, workerPid: undefined, clean: false, note: status.note ?? describeExit(exit) };
};

/** The state after a notice. */
export const updateStatus = (status: ConsoleStatus, notice: Notice): ConsoleStatus => {
  switch (notice.kind) {
    case 'transition':
      return { ...status, service: notice.to };
    case 'spawned':
      return { ...status, workerPid: notice.pid };
    case 'beat':
      return { ...status, beat: notice.beat };
    case 'silent':
    case 'stranger':
    case 'wrote':
      return status;
    case 'fault':
      return { ...status, note: notice.fault.message };
    case 'killed':
      return notice.after === 'kill' ? status : { ...status, note: describeKill(notice.after, notice.hang) };
    case 'exited':
      return afterExit(status, notice.exit);
    case 'failed':
      return { ...status, note: `the supervisor has failed: ${messageOf(notice.error)}` };
  }
};

/** The link in words: its state, and either the round trip or why it is not online. */
export const describeLink = (
  beat: Beat | (Pick<Beat, 'link' | 'relay'> & { readonly trouble?: string | undefined }) | undefined,
): string => {
  if (beat === undefined) return '-';
  if (beat.link === 'online') return `online at ${beat.relay}`;
  const trying = beat.link === 'waiting' || beat.link === 'connecting' || beat.link === 'enrolling';
  return beat.trouble === undefined || !trying ? beat.link : `${beat.link} (${beat.trouble})`;
};

/** Label and value of every line of the live status. */
export const statusLines = (
  status: ConsoleStatus,
  uptimeMs: number,
  logs: string,
): readonly [string, string][] => {
  const { beat } = status;
  const roundTrip = beat?.link === 'online' && beat.roundTripMs !== undefined ? beat.roundTripMs : undefined;
  return [
    ['service', status.service],
    ['worker', status.workerPid === undefined ? '-' : `pid ${status.workerPid}`],
    ['link', describeLink(beat)],
    ['round trip', roundTrip === undefined ? '-' : formatRoundTrip(roundTrip)],
    ['uptime', formatDuration(uptimeMs)],
    ['logs', logs],
    ...(status.note === undefined ? [] : ([['note', status.note]] as [string, string][])),
  ];
};
