/** A child on Windows: in a job object of its own, with three handles of ours and no other. */
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { WORKER_ACCOUNT, type WorkerProcessAddon } from '@guruconnect/native';
import { type Child, type ChildEnd, type Program, notStarted } from './child.ts';
import { quoteCommandLine } from './manage/command-line.ts';
import { describeWin32 } from './manage/win32-error.ts';

type Addon = Pick<WorkerProcessAddon, 'workerLaunch' | 'workerWait' | 'workerTerminate'>;

/** What our kill leaves as exit code: 128 + SIGKILL, as a shell has it. */
const KILLED = 137;

/** CreateProcess wants it sorted by name, without regard to case. */
const environmentBlock = (env: Program['env']): readonly string[] =>
  Object.entries(env)
    .map(([name, value]) => ({ key: name.toUpperCase(), variable: `${name}=${value}` }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ variable }) => variable);

export const launchJob = (
  addon: Addon,
  { executable, args, env, isAlone }: Program,
  isLocalService: boolean,
): Child => {
  const account = isLocalService ? WORKER_ACCOUNT.localService : WORKER_ACCOUNT.own;
  const commandLine = quoteCommandLine([executable, ...args]);
  const started = addon.workerLaunch(
    executable,
    commandLine,
    environmentBlock(env),
    account,
    isAlone === true ? 1 : 0,
  );
  if (started.error !== 0) {
    for (const fd of [started.stdin, started.stderr]) if (fd >= 0) closeSync(fd);
    return notStarted(`${isLocalService ? 'as LocalService: ' : ''}${describeWin32(started.error)}`);
  }
  const { pid } = started;
  let isKilled = false;
  const ended = addon.workerWait(pid).then(({ code }): ChildEnd => ({
    kind: 'exited',
    // It may have ended by itself just before.
    ...(isKilled && code === KILLED ? { code: undefined, signal: 'SIGKILL' } : { code, signal: undefined }),
  }));
  const stdin = new Socket({ fd: started.stdin, readable: false, writable: true });
  stdin.on('error', () => undefined);
  return {
    pid,
    stderr: new Socket({ fd: started.stderr, readable: true, writable: false }),
    ended,
    tell: (line) => {
      stdin.end(line);
    },
    kill: () => {
      isKilled = addon.workerTerminate(pid, KILLED) === 0 || isKilled;
    },
  };
};
