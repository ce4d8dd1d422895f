/** What this process holds at a moment when it is to hold nothing but itself. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from '../helpers/program.ts';
import type { SvcctlResult } from '../helpers/windows-results.ts';

export interface Sample {
  readonly cycles: number;
  /** File descriptors; under Windows handles. */
  readonly handles: number;
  /** What keeps libuv's loop going. */
  readonly active: number;
  /** Listeners to events of the process. */
  readonly listeners: number;
  /** Processes of workers that are still there, zombies too. */
  readonly processes: number;
  /** Entries of the temporary folder. */
  readonly temp: number;
  readonly heapKB: number;
  readonly rssKB: number;
}

const KB = 1024;
const SETTLE_MS = 5000;
const LOOK_MS = 20;

/** svcctl.exe; on Windows only. */
const SVCCTL = process.env['GURUCONNECT_SVCCTL'] ?? '';

const svcctl = (...args: readonly (string | number)[]): SvcctlResult =>
  JSON.parse(execFileSync(SVCCTL, args.map(String), { encoding: 'utf8' })) as SvcctlResult;

/** A thread of the addon's that is about to end may hold one for a moment longer; what leaks is there at every look. */
const LOOKS = 3;

const handles = (): number =>
  process.platform === 'win32'
    ? Math.min(...Array.from({ length: LOOKS }, () => svcctl('handles', process.pid).handles ?? NaN))
    : // Without the one that it is read by.
      readdirSync('/proc/self/fd').length - 1;

const isThere = (pid: number): boolean => {
  try {
    return isAlive(pid) || readFileSync(`/proc/${pid}/status`, 'utf8') !== '';
  } catch {
    return false;
  }
};

const processes = (pids: readonly number[]): number =>
  process.platform === 'win32'
    ? (svcctl('left', 0, process.pid, ...pids).left ?? NaN) - 1
    : pids.filter(isThere).length;

const active = (): number => process.getActiveResourcesInfo().length;

const listeners = (): number =>
  process.eventNames().reduce((count, event) => count + process.listenerCount(event), 0);

const collectGarbage = (): void => {
  if (globalThis.gc === undefined) throw new Error('node --expose-gc');
  // What the first one finalizes, the second one frees.
  for (let times = 0; times < 3; times += 1) globalThis.gc();
};

/** Waits until what has been closed is closed, which takes libuv some turns; no longer where it is not to come. */
const settle = async (idle: number): Promise<void> => {
  const end = performance.now() + SETTLE_MS;
  do await pause(LOOK_MS);
  while (active() > idle && performance.now() < end);
};

/** At once. @param pids of the workers since the last sample. */
export const sampleNow = (cycles: number, pids: readonly number[] = []): Sample => {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  return {
    cycles,
    handles: handles(),
    active: active(),
    listeners: listeners(),
    processes: processes(pids),
    temp: readdirSync(tmpdir()).length,
    heapKB: Math.round(heapUsed / KB),
    rssKB: Math.round(rss / KB),
  };
};

/** Once the process is idle. @param idle active resources of a process that does nothing. */
export const takeSample = async (cycles: number, pids: readonly number[], idle: number): Promise<Sample> => {
  await settle(idle);
  collectGarbage();
  await pause(LOOK_MS);
  return sampleNow(cycles, pids);
};

export const countActive = active;
