/** Real processes: started from a script, read line by line, ended by pid, never left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const findRoot = (folder: string): string =>
  existsSync(join(folder, 'pnpm-workspace.yaml')) ? folder : findRoot(dirname(folder));

/** The checkout. */
export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));
export const GURUCONNECT = join(ROOT, 'packages', 'supervisor', 'bin', 'guruconnect.js');
/** A compiled program of test/fixtures. */
export const fixture = (name: string): string => join(ROOT, 'test', 'dist', 'fixtures', `${name}.js`);

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Since the start. */
  readonly elapsedMs: number;
}

export interface Program {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the match as soon as stdout has it; rejects when it has not come in time or the program has ended. */
  seen(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray>;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A program, with its arguments, that becomes this one; `ip netns exec` is one. POSIX. */
  readonly by?: readonly string[];
  /** Killed after this. */
  readonly limitMs?: number;
}

const LIMIT_MS = 60_000;
const SEEN_MS = 20_000;

const collect = (child: ChildProcess, startedAt: number): { ended: Promise<Ended>; out: () => string } => {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr, elapsedMs: performance.now() - startedAt });
    });
  });
  return { ended, out: () => stdout };
};

/** tap puts its own hooks into NODE_OPTIONS of every process spawned; a program is to run as users run it. */
const PLAIN = process.platform === 'win32' ? [] : ['env', '-u', 'NODE_OPTIONS'];

/** A runner of CI that wants colours for itself does not get them from a program that is compared with plain text. */
const inherited = (): NodeJS.ProcessEnv => ({ ...process.env, FORCE_COLOR: undefined });

/** Starts `node script args`; its stdin is empty. */
export const startProgram = (
  script: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Program => {
  const [file = '', ...rest] = [...(options.by ?? []), ...PLAIN, process.execPath, script, ...args];
  const child = spawn(file, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited(), ...options.env },
  });
  const { ended, out } = collect(child, performance.now());
  const limit = setTimeout(() => child.kill('SIGKILL'), options.limitMs ?? LIMIT_MS);
  void ended.then(() => {
    clearTimeout(limit);
  });
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => {
      child.kill(signal);
    },
    seen: (pattern, withinMs = SEEN_MS) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(out());
          if (match !== null) settle(() => resolve(match));
        };
        const settle = (done: () => void): void => {
          clearTimeout(timer);
          child.stdout.off('data', look);
          child.off('close', onClose);
          done();
        };
        const fail = (why: string): void => {
          settle(() => reject(new Error(`${String(pattern)}: ${why}; stdout was:\n${out()}`)));
        };
        const onClose = (): void => {
          look();
          fail('the program ended');
        };
        const timer = setTimeout(() => fail(`not seen within ${withinMs} ms`), withinMs);
        child.stdout.on('data', look);
        child.once('close', onClose);
        look();
      }),
  };
};

/** Whether a process is there, zombies not counted. POSIX. */
export const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

/** Waits for a process that is not our child, which no event tells of. */
export const isGone = async (pid: number, withinMs: number): Promise<boolean> => {
  const end = performance.now() + withinMs;
  while (isAlive(pid) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  return !isAlive(pid);
};
