/** Why a worker ended that nobody had asked to, as a name that stays. Pure. */
import type { Hang } from './hang.ts';
import type { WorkerExit } from './host.ts';
import type { Wait } from './machine.ts';

/** What the supervisor knows of an end beside the exit itself. */
export interface EndFacts {
  /** The code of a local fault that the worker has told. */
  readonly faultCode?: string;
  readonly killedAfter?: Wait | 'hung';
  readonly hang?: Hang;
  readonly exit: WorkerExit;
}

/** V8's last line where it cannot go on for want of memory; Node's own words begin with FATAL ERROR, V8's with Fatal. */
const OUT_OF_MEMORY = /^(?:FATAL ERROR:|#? ?Fatal )(?=.*(?:out of memory|Allocation failed))/;

/** How a process ends that aborts: abort(3), and the instruction that V8 has in place of it. */
const ABORT_SIGNALS: ReadonlySet<string> = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL']);
const ABORT_CODES: ReadonlySet<number> = new Set([
  134, // Node's own on Windows, and a shell's for SIGABRT
  3, // abort() of the C runtime
  0xc0000409, // STATUS_STACK_BUFFER_OVERRUN, which is __fastfail
  0x80000003, // STATUS_BREAKPOINT
]);

const hasAborted = ({ code, signal }: WorkerExit): boolean =>
  signal === undefined ? code !== undefined && ABORT_CODES.has(code) : ABORT_SIGNALS.has(signal);

const ranOutOfMemory = (exit: WorkerExit): boolean =>
  hasAborted(exit) && exit.lastWords.some((line) => OUT_OF_MEMORY.test(line));

/**
 * Whether an exit code is the NTSTATUS of an exception that nobody has handled: severity warning (8) or error (C), or a
 * C++ exception (E); not F, which is how Windows shows a small negative number.
 * @see https://learn.microsoft.com/openspecs/windows_protocols/ms-erref/87fba13e-bf06-450e-83b1-9241dc81e781
 */
const isException = (code: number): boolean => [0x8, 0xc, 0xe].includes(Math.floor(code / 0x10000000));

/** What the supervisor itself has done or heard comes first: a process that was killed has no exit of its own. */
export const endReason = ({ faultCode, killedAfter, hang, exit }: EndFacts): string => {
  if (faultCode !== undefined) return faultCode;
  if (killedAfter === 'hung') return `hung-${hang ?? 'unseen'}`;
  if (killedAfter !== undefined) return `killed-after-${killedAfter}`;
  if (exit.pid === undefined) return 'not-started';
  if (ranOutOfMemory(exit)) return 'heap';
  if (exit.signal !== undefined) return 'signal';
  if (exit.code !== undefined && isException(exit.code)) return `crashed-0x${exit.code.toString(16)}`;
  return 'exited';
};
