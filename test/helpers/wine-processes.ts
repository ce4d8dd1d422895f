/** What the processes of a Wine prefix are doing, for a test that found one of them stuck: a line each. Linux. */
import { readFileSync, readdirSync } from 'node:fs';

const COMMAND_LENGTH = 110;
const TICKS_PER_SECOND = 100;

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const threadsOf = (pid: string): string => {
  const waits = new Map<string, number>();
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const wait = read(`/proc/${pid}/task/${thread}/wchan`).replace(/^0?$/, 'running');
      waits.set(wait, (waits.get(wait) ?? 0) + 1);
    }
  } catch {
    // It has ended.
  }
  return [...waits].map(([wait, count]) => `${count} ${wait}`).join(', ');
};

/** @see proc(5), /proc/[pid]/stat: the command is in brackets, and may hold any character. */
const line = (pid: string): string => {
  const [state = '?', ...rest] = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  const cpu = (Number(rest[10]) + Number(rest[11])) / TICKS_PER_SECOND;
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(-COMMAND_LENGTH);
  return `${pid} ${state} ${cpu.toFixed(1)} s [${threadsOf(pid)}] ${command}`;
};

/** @param prefix as WINEPREFIX has it. */
export const wineProcesses = (prefix: string): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(`WINEPREFIX=${prefix}`))
    .map(line);
