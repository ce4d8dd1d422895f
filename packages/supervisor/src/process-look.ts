/**
 * A look at a process that this one has started, and whose PID is its own therefore for as long as its exit is not heard of: at
 * its main thread, which the event loop is on. What the others do says nothing of that.
 */
import { readFileSync } from 'node:fs';
import { loadMainThread } from '@guruconnect/native';
import type { ProcessLook } from './hang.ts';

/** USER_HZ, the unit of /proc: 100 a second on every architecture that Node runs on. */
const TICK_MS = 10;

/** Behind the name, which is in parentheses and may hold any character: state is field 3, utime 14, stime 15. */
const FIELDS = /\) (\S)(?: \S+){10} (\d+) (\d+) /;

/** A line of /proc/PID/stat; `undefined` where it is none. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export const parseStat = (stat: string): ProcessLook | undefined => {
  const [, state = '', user, system] = FIELDS.exec(stat.slice(stat.lastIndexOf(')'))) ?? [];
  if (user === undefined) return undefined;
  // T is stopped by a signal, t by a debugger.
  return { cpuMs: (Number(user) + Number(system)) * TICK_MS, stopped: state === 'T' || state === 't' };
};

const lookOnLinux = (pid: number): ProcessLook | undefined =>
  parseStat(readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8'));

const lookOnWindows = (pid: number): ProcessLook | undefined => {
  const { error, cpuMs } = loadMainThread()?.mainThreadCpuMs(pid) ?? { error: 1, cpuMs: 0 };
  return error === 0 ? { cpuMs } : undefined;
};

/** `undefined` where there is nothing to see, and where nobody can look. Never throws. */
export const lookAt = (pid: number | undefined): ProcessLook | undefined => {
  if (pid === undefined) return undefined;
  try {
    if (process.platform === 'win32') return lookOnWindows(pid);
    return process.platform === 'linux' ? lookOnLinux(pid) : undefined;
  } catch {
    return undefined;
  }
};
