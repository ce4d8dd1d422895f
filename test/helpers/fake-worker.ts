/** Workers without a process: they remember what was asked of them, and do what a test tells them to. */
import type { Control } from '@guruconnect/shared/pipe-protocol';
import type { SpawnWorker, Worker, WorkerCallbacks } from '@guruconnect/supervisor/host';

export interface FakeWorker extends Worker {
  /** What a worker process tells its supervisor, for the test to tell. */
  readonly on: WorkerCallbacks;
  readonly asked: readonly Control[];
  /** How often it was killed; that alone does not end it. */
  readonly kills: number;
  exit(code?: number): void;
}

export interface FakeWorkers {
  readonly spawnWorker: SpawnWorker;
  /** Every worker there has ever been. */
  readonly spawned: readonly FakeWorker[];
}

const FIRST_PID = 4001;

const createFakeWorker = (pid: number, on: WorkerCallbacks, before: (call: string) => void): FakeWorker => {
  const asked: Control[] = [];
  let kills = 0;
  return {
    pid,
    on,
    asked,
    get kills() {
      return kills;
    },
    exit: (code) => {
      on.exited({ pid, code, signal: code === undefined ? 'SIGKILL' : undefined, lastWords: [] });
    },
    askStop: (reason) => {
      before('worker.askStop');
      asked.push(reason);
    },
    kill: () => {
      kills += 1;
      before('worker.kill');
    },
  };
};

/**
 * @param before hears of every call by its port's name before it is taken, and may throw.
 * @param atSpawn calls back while the worker is still being spawned.
 */
export const createFakeWorkers = (
  before: (call: string) => void = () => undefined,
  atSpawn: (worker: FakeWorker) => void = () => undefined,
): FakeWorkers => {
  const spawned: FakeWorker[] = [];
  return {
    spawned,
    spawnWorker: (on) => {
      before('spawnWorker');
      const worker = createFakeWorker(FIRST_PID + spawned.length, on, before);
      spawned.push(worker);
      atSpawn(worker);
      return worker;
    },
  };
};
