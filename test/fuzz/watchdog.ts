/** Ends this process where an input takes for ever: nothing else can, as the fuzzer never comes back then. */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { writeInput } from './corpus.ts';
import { MAX_INPUT_BYTES } from './mutate.ts';

interface Shared {
  /** How many inputs there were, the length of the last one, and whether it is all over. */
  readonly state: Int32Array;
  readonly input: Uint8Array;
  readonly limitMs: number;
  readonly folder: string;
}

const COUNT = 0;
const LENGTH = 1;
const OVER = 2;

export interface Watchdog {
  /** This is being run from now on. */
  note(input: Uint8Array): void;
  stop(): void;
}

/** @param folder where an input goes that takes longer than `limitMs`; the process is killed then, and says so on stderr. */
export const startWatchdog = async (limitMs: number, folder: string): Promise<Watchdog> => {
  const state = new Int32Array(new SharedArrayBuffer(12));
  const input = new Uint8Array(new SharedArrayBuffer(MAX_INPUT_BYTES));
  const shared: Shared = { state, input, limitMs, folder };
  const worker = new Worker(new URL(import.meta.url), { workerData: shared, execArgv: [] });
  // To begin it needs this thread, which an endless input would keep.
  await once(worker, 'message');
  worker.unref();
  return {
    note: (bytes) => {
      input.set(bytes);
      state[LENGTH] = bytes.length;
      Atomics.add(state, COUNT, 1);
    },
    stop: () => {
      Atomics.store(state, OVER, 1);
      Atomics.notify(state, OVER);
    },
  };
};

const watch = ({ state, input, limitMs, folder }: Shared): void => {
  parentPort?.postMessage('watching');
  let seen = 0;
  // No event tells that nothing happens.
  while (Atomics.wait(state, OVER, 0, limitMs) === 'timed-out') {
    const count = Atomics.load(state, COUNT);
    if (count === seen && count > 0) {
      const path = writeInput(folder, Buffer.from(input.subarray(0, state[LENGTH])));
      // A stream would want the main thread.
      writeSync(2, `no end within ${limitMs} ms: ${path}\n`);
      process.kill(process.pid, 'SIGKILL');
    }
    seen = count;
  }
};

if (!isMainThread) watch(workerData as Shared);
