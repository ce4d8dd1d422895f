/** The worker: started with what it may know, told over the pipe, killed with all that it has started. */
import { randomBytes } from 'node:crypto';
import { faultCodeOf } from '@guruconnect/shared/agent-fault';
import { systemClock } from '@guruconnect/shared/clock';
import { LOCAL_SERVICE } from '@guruconnect/shared/descriptor';
import { type Bootstrap, PIPE_VERSION, encodeBootstrap } from '@guruconnect/shared/pipe-protocol';
import type { StoreRequest } from '@guruconnect/shared/store-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { messageOf } from '@guruconnect/shared/usage-error';
import { type Bridge, type BridgeCallbacks, openBridge } from './bridge.ts';
import type { Child } from './child.ts';
import { childExit } from './child-exit.ts';
import { type Door, openDoor } from './door.ts';
import { type HeartbeatWatch, watchHeartbeat } from './heartbeat-watch.ts';
import { lookAt } from './process-look.ts';
import type { SpawnWorker, Worker, WorkerCallbacks, WorkerProgram } from './host.ts';
import { toldSecrets } from './told-secrets.ts';
import { listenToWords } from './worker-words.ts';
import { type Launch, type LaunchedWorker, launchWorker } from './worker-program.ts';

const TOKEN_BYTES = 16;

const once = <Args extends readonly unknown[]>(tell: (...args: Args) => void): ((...args: Args) => void) => {
  let hasTold = false;
  return (...args) => {
    if (!hasTold) tell(...args);
    hasTold = true;
  };
};

/** What the bridge tells, and the watch over the worker that lives as long as both. */
const listen = (
  { beatMs: intervalMs = TIMING.beat }: WorkerProgram,
  { pid }: Child,
  callbacks: WorkerCallbacks,
  asked: BridgeCallbacks['asked'],
  isOver: () => boolean,
) => {
  let watch: HeartbeatWatch | undefined;
  const heard: BridgeCallbacks = {
    ready: () => {
      const look = () => lookAt(pid);
      watch = watchHeartbeat({
        clock: systemClock,
        intervalMs,
        look,
        onSilence: callbacks.silent,
        onHung: callbacks.hung,
      });
      callbacks.ready();
    },
    beat: (beat) => {
      if (watch?.beat(beat.poolMisses) === true) callbacks.beat(beat);
    },
    // The first alone: a worker that was taken over could fill the log with more.
    fault: once(callbacks.fault),
    asked,
    stranger: once(callbacks.stranger),
    // Of a process that has ended it is no news.
    lost: () => {
      if (!isOver()) callbacks.pipeLost();
    },
  };
  return { heard, stop: () => watch?.stop() };
};

const bootstrapOf = (
  { account, afterBoot = false, beatMs }: WorkerProgram,
  { path }: Door,
  given: Pick<Bootstrap, 'token' | 'options' | 'identity' | 'lastWords'>,
): Bootstrap => ({
  version: PIPE_VERSION,
  pipe: path,
  supervisorPid: process.pid,
  afterBoot,
  ...(account !== undefined && { account }),
  ...(beatMs !== undefined && { beatMs }),
  ...given,
});

/**
 * Opens the door to the worker and tells it where that is.
 * @param isOver the worker has ended, or never was.
 * @throws AgentFault of the store's, the system's error
 */
const meet = async (
  program: WorkerProgram,
  { child, options }: LaunchedWorker,
  opening: Promise<Door>,
  isOver: () => boolean,
  begin: (door: Door, pid: number, token: string) => void,
): Promise<void> => {
  const prepared = program.broker?.prepare();
  // It may fail while the door is still being opened, which is waited for first.
  prepared?.catch(() => undefined);
  const door = await opening;
  if (child.pid === undefined || isOver()) {
    door.close();
    return;
  }
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  begin(door, child.pid, token);
  child.tell(encodeBootstrap(bootstrapOf(program, door, { token, options, ...(await prepared) })));
};

/**
 * @param launch of `loadLaunch`, which may take a while.
 * @param onError the pipe could not be made: an error of the supervisor's own.
 */
export const workerProcess =
  (program: WorkerProgram, launch: Launch, onError: (error: unknown) => void): SpawnWorker =>
  (callbacks) => {
    const opening = openDoor(onError, program.account === 'local-service' ? LOCAL_SERVICE : undefined);
    const launched = launchWorker(program, launch);
    const { child } = launched;
    let bridge: Bridge | undefined;
    let asked: Parameters<Worker['askStop']>[0] | undefined;
    let hasEnded = false;
    const isOver = (): boolean => hasEnded;
    void child.ended.then(() => (hasEnded = true));
    const take = (request: StoreRequest): void => {
      program.broker?.take(request).then((answer) => {
        if (answer !== undefined) bridge?.answer(answer);
      }, onError);
    };
    const { heard, stop } = listen(program, child, callbacks, take, isOver);
    meet(program, launched, opening, isOver, (door, pid, token) => {
      bridge = openBridge(door, pid, token, heard);
      if (asked !== undefined) bridge.askStop(asked);
    }).catch((error: unknown) => {
      const code = faultCodeOf(error);
      if (code === undefined) {
        onError(error);
        return;
      }
      // A fault as if the worker had had it; that one knows nothing yet, and has nothing to end in order.
      callbacks.fault({ code, message: messageOf(error) });
      child.kill();
    });
    const secrets = () => toldSecrets(launched.options);
    const words = listenToWords(systemClock, secrets, callbacks.wrote);
    childExit(child, secrets, words.push)
      .then((exit) => {
        words.stop();
        stop();
        bridge?.close();
        callbacks.exited(exit);
      })
      .catch(onError);
    return {
      pid: child.pid,
      askStop: (reason) => {
        asked ??= reason;
        bridge?.askStop(reason);
      },
      kill: child.kill,
    };
  };
