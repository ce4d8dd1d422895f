/** The worker as a process: spawned by execa, told over the pipe, killed by its handle. */
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { systemClock } from '@guruconnect/shared/clock';
import { partSecrets } from '@guruconnect/shared/environment';
import { type Bootstrap, PIPE_VERSION, encode } from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { execa } from 'execa';
import { type Bridge, openBridge } from './bridge.ts';
import { type HeartbeatWatch, watchHeartbeat } from './heartbeat-watch.ts';
import type { SpawnWorker, Worker, WorkerCallbacks, WorkerProgram } from './host.ts';
import { createTail } from './tail.ts';

const TOKEN_BYTES = 16;
const LAST_WORDS_BYTES = 8 * 1024;
const LAST_WORDS_LINES = 20;

const SPAWN_OPTIONS = {
  // Its own session on POSIX, so that a Ctrl-C of the terminal reaches the supervisor only. On Windows a detached
  // process would leave libuv's job and outlive us.
  detached: process.platform !== 'win32',
  extendEnv: false,
  stdin: 'pipe',
  stdout: 'ignore',
  stderr: 'pipe',
  buffer: false,
  reject: false,
  cleanup: false,
  windowsHide: true,
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** The title keeps libuv from asserting in a child without a console of its own. */
const launch = ({ script, nodeArgs = [] }: WorkerProgram, env: Environment) =>
  execa(process.execPath, ['--title=guruconnect-worker', ...nodeArgs, script, 'worker', '--supervised'], {
    ...SPAWN_OPTIONS,
    env,
  });

type Child = ReturnType<typeof launch>;

/** Resolves when the stream has ended, or the time for it is over: a grandchild may hold it open for ever. */
const readOut = (stream: Readable): Promise<void> =>
  new Promise((resolve) => {
    const bound = setTimeout(resolve, TIMING.lastWords);
    const done = (): void => {
      clearTimeout(bound);
      resolve();
    };
    if (stream.closed) done();
    else stream.once('close', done);
  });

/** The exit comes from the process, and not from its streams; those have a bounded time to tell its last words. */
const onExit = (child: Child, { exited }: WorkerCallbacks): void => {
  const tail = createTail(LAST_WORDS_BYTES, LAST_WORDS_LINES);
  child.stderr.on('data', tail.push);
  if (child.pid === undefined) {
    void child.then(({ originalMessage = 'spawn failed' }) => {
      exited({ pid: undefined, code: undefined, signal: undefined, lastWords: [originalMessage] });
    });
    return;
  }
  child.once('exit', (code, signal) => {
    void readOut(child.stderr).then(() => {
      exited({
        pid: child.pid,
        code: code ?? undefined,
        signal: signal ?? undefined,
        lastWords: tail.lines(),
      });
      child.stderr.destroy();
    });
  });
};

const bootstrap = (
  child: Child,
  bridge: Bridge,
  given: Pick<Bootstrap, 'token' | 'options' | 'afterBoot'>,
): void => {
  // A worker that is already gone is noticed by its exit, not by its stdin.
  child.stdin.on('error', () => undefined);
  child.stdin.end(encode({ version: PIPE_VERSION, pipe: bridge.path, supervisorPid: process.pid, ...given }));
};

/** @param onError the pipe could not be made: an error of the supervisor's own. */
export const workerProcess =
  (program: WorkerProgram, onError: (error: unknown) => void): SpawnWorker =>
  (callbacks) => {
    const token = randomBytes(TOKEN_BYTES).toString('hex');
    let bridge: Bridge | undefined;
    let watch: HeartbeatWatch | undefined;
    let asked: Parameters<Worker['askStop']>[0] | undefined;
    const opening = openBridge(token, {
      ready: () => {
        watch = watchHeartbeat(systemClock, callbacks.hung);
        callbacks.ready();
      },
      beat: (beat) => {
        watch?.beat();
        callbacks.beat(beat);
      },
      fault: callbacks.fault,
      lost: callbacks.pipeLost,
    });
    const { env, options } = partSecrets(program.options, process.env);
    const child = launch(program, env);
    opening.then((opened) => {
      bridge = opened;
      if (asked !== undefined) bridge.askStop(asked);
      bootstrap(child, bridge, { token, options, afterBoot: program.afterBoot === true });
    }, onError);
    onExit(child, {
      ...callbacks,
      exited: (exit) => {
        watch?.stop();
        bridge?.close();
        callbacks.exited(exit);
      },
    });
    return {
      pid: child.pid,
      askStop: (reason) => {
        asked ??= reason;
        bridge?.askStop(reason);
      },
      kill: () => {
        child.kill('SIGKILL');
      },
    };
  };
