/**
 * A child that leads a process group and a session of its own, as far as the platform has them: a Ctrl-C of the terminal reaches the
 * supervisor only, and one kill takes all of them. On Windows without the addon it is a child of libuv's, and alone.
 */
import { loadChild } from '@guruconnect/native';
import { execa } from 'execa';
import type { Child, ChildEnd, Program } from './child.ts';

const HAS_GROUPS = process.platform !== 'win32';

const SPAWN_OPTIONS = {
  detached: HAS_GROUPS,
  extendEnv: false,
  stdin: 'pipe',
  stdout: 'ignore',
  stderr: 'pipe',
  buffer: false,
  reject: false,
  cleanup: false,
  windowsHide: true,
} as const;

const FIRST_BEYOND_STDIO = 3;

const spawn = ({ executable, args, env }: Program) => {
  const addon = loadChild();
  // Whoever started us may have left anything open. Node keeps it from a child as far as it has no gaps.
  addon?.closeOnExec(FIRST_BEYOND_STDIO);
  // Here, where it is handed down, and not in the child: it counts for one thread, and a Node has others before its first line.
  addon?.setNoNewPrivileges();
  return execa(executable, args, { ...SPAWN_OPTIONS, env });
};

type Spawned = ReturnType<typeof spawn>;

/**
 * The group's number cannot become that of another one as long as one of its members lives, and ends here in the same turn of the
 * event loop as the last of them was seen to.
 */
const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
};

const endOf = (child: Spawned): Promise<ChildEnd> =>
  new Promise((resolve) => {
    const { pid } = child;
    if (pid === undefined) {
      void child.then(({ originalMessage = 'spawn failed' }) => {
        resolve({ kind: 'not-started', why: originalMessage });
      });
      return;
    }
    // The exit comes from the process, and not from its streams, which a descendant may hold open for ever.
    child.once('exit', (code, signal) => {
      if (HAS_GROUPS) killGroup(pid);
      resolve({ kind: 'exited', code: code ?? undefined, signal: signal ?? undefined });
    });
  });

export const launchGroup = (program: Program): Child => {
  const child = spawn(program);
  const { pid } = child;
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  child.stdin.on('error', () => undefined);
  return {
    pid,
    stderr: pid === undefined ? undefined : child.stderr,
    ended: endOf(child),
    tell: (line) => {
      child.stdin.end(line);
    },
    kill: () => {
      if (pid === undefined || isOver()) return;
      if (HAS_GROUPS) killGroup(pid);
      else child.kill('SIGKILL');
    },
  };
};
