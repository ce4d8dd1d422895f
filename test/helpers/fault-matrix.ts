/** Runs every cell of the matrix of faults, looks at what came of it, and prints it as a table. */
import type { Test } from 'tap';
import {
  type Cell,
  DEATHS,
  type HostKind,
  type Outcome,
  STATES,
  boundOf,
  cellsOf,
  deathOf,
  reasonOf,
  sameWalk,
} from './deaths.ts';
import { type LogLine, transitionTo, transitions, workerExit } from './service-log.ts';
import { type InSlot, createSlots } from './slots.ts';
import { type Row, textTable } from './text-table.ts';

/** What is found when the service has stopped. */
export interface Found {
  readonly status: string;
  /** Processes of this cell that are still there. */
  readonly left: number;
  /** supervisor.log. */
  readonly log: readonly LogLine[];
}

/** @param ready gives the slot to the next cell: this one only waits from now on. */
export type RunCell = (cell: Cell, ready: () => void) => Promise<Found>;

export interface Matrix {
  readonly host: HostKind;
  /** The final status as it has to be. */
  readonly statuses: Readonly<Record<'OK' | 'FAILED', string>>;
  readonly run: RunCell;
}

/** Cells that start their processes at a time. */
const STARTING = 2;
/** For what is not a bound: the start of a process, its end, a heap that fills, on a machine that does other things too. */
const SLACK_MS = 4000;
const SLOW_SLACK_MS = 15_000;
const KILL = 'SIGKILL';

/** As Node and V8 begin it, or the supervisor where there has been no process. */
const SAYS_WHY = /^[A-Za-z]*Error\b|^FATAL ERROR|ENOENT|does not exist/;
const WIDTH = 60;

interface End {
  readonly killedAfter: string | undefined;
  readonly fault: string | undefined;
  readonly reason: string | undefined;
  /** Exit code or signal; `none` of a process that has never come to be. */
  readonly ending: number | string;
  readonly lastWords: readonly string[];
}

/** What the log says of the end. */
const endIn = (log: readonly LogLine[]): End => {
  const told = workerExit(log);
  const worker = told?.worker;
  return {
    reason: told?.reason,
    killedAfter: log.find(({ msg }) => msg === 'worker killed')?.after,
    fault: log.find(({ msg }) => msg === 'the worker cannot go on')?.fault?.code,
    ending: worker?.signal ?? worker?.code ?? 'none',
    lastWords: worker?.lastWords ?? [],
  };
};

/** The same in a line. */
const lineOf = ({ killedAfter, fault, ending, reason, lastWords }: End): string => {
  const words = lastWords.findLast((line) => SAYS_WHY.test(line));
  return [
    ...(fault === undefined ? [] : [`the worker cannot go on: ${fault}`]),
    ...(killedAfter === undefined ? [] : [`worker killed after ${killedAfter}`]),
    `worker exited: ${ending}${reason === undefined ? '' : ` (${reason})`}${words === undefined ? '' : `, ${words.slice(0, WIDTH)}`}`,
  ].join('; ');
};

/** By the log's clock: from the state that it was to die in, or from what was asked of it there, until the service had stopped. */
const tookMs = ({ state }: Cell, log: readonly LogLine[]): number => {
  const asked = log.find(({ event }) => event === 'control');
  const spawned = log.find(({ msg }) => msg === 'worker spawned');
  const from = state === 'running' ? transitionTo(log, 'running') : (asked ?? spawned);
  return (transitionTo(log, 'stopped')?.at ?? NaN) - (from?.at ?? NaN);
};

const checkEnd = (t: Test, host: HostKind, cell: Cell, outcome: Outcome, end: End): void => {
  const { name, state } = cell;
  const { says, end: own } = deathOf(name);
  t.equal(end.killedAfter, outcome.killedAfter, 'the bound it was killed after');
  t.equal(
    end.ending,
    outcome.killedAfter === undefined ? own?.[host] : KILL,
    'how the worker ended, in the log',
  );
  const reason = reasonOf(cell, host, outcome);
  t.ok(reason?.test(end.reason ?? '') ?? end.reason === undefined, `its name, in the log: ${end.reason}`);
  if (says !== undefined) t.match(end.lastWords.join('\n'), says, 'its last words, in the log');
  // Before the hello it is a stranger's.
  const fault = name === 'faults-78' && state !== 'starting' ? 'on-purpose' : undefined;
  t.equal(end.fault, fault, 'its fault, in the log');
};

const check = (t: Test, { host, statuses }: Matrix, cell: Cell, { status, left, log }: Found): void => {
  const end = endIn(log);
  const outcome = cell.outcomes.find((one) => one.killedAfter === end.killedAfter) ?? cell.outcomes[0];
  if (outcome === undefined) return;
  const walked = transitions(log).join();
  const ms = tookMs(cell, log);
  const bound = boundOf(outcome);
  const slack = deathOf(cell.name).slow === true && host === 'service' ? SLOW_SLACK_MS : SLACK_MS;
  t.equal(status, statuses[outcome.exit], 'the final status');
  t.ok([outcome.walk, sameWalk(outcome.walk)].map(String).includes(walked), `it went ${walked}`);
  checkEnd(t, host, cell, outcome, end);
  t.equal(left, 0, 'no process is left');
  t.ok(ms >= bound && ms < bound + slack, `within its bound, ${bound} ms, and soon after: ${ms} ms`);
};

const start = (cells: readonly Cell[], run: RunCell, inSlot: InSlot): readonly Promise<Found>[] => {
  const all = cells.map((cell) => inSlot((ready) => run(cell, ready)));
  // Each is asked for in its turn, which may be later than it fails.
  for (const one of all) one.catch(() => undefined);
  return all;
};

const rowOf = (cell: Cell, { status, left, log }: Found): Row => ({
  death: cell.name,
  state: cell.state,
  'final status': status,
  left,
  ms: tookMs(cell, log),
  'log line': lineOf(endIn(log)),
});

/** A subtest for each cell, all of which are under way by then; the table at the end. */
export const testMatrix = async (t: Test, matrix: Matrix): Promise<void> => {
  const cells = cellsOf(matrix.host);
  const order = (cell: Cell): number =>
    Object.keys(DEATHS).indexOf(cell.name) * 3 + STATES.indexOf(cell.state);
  const found = start(cells, matrix.run, createSlots(STARTING));
  const rows: { readonly at: number; readonly row: Row }[] = [];
  for (const [i, cell] of cells.entries()) {
    await t.test(`${cell.name} while ${cell.state}`, async (tt) => {
      const one = await found[i];
      if (one === undefined) return;
      rows.push({ at: order(cell), row: rowOf(cell, one) });
      check(tt, matrix, cell, one);
    });
  }
  rows.sort((a, b) => a.at - b.at);
  for (const line of textTable(rows.map(({ row }) => row))) t.comment(line);
  t.equal(rows.length, cells.length, `${cells.length} cells`);
};
