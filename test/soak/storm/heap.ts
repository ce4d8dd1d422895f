/** What is left in a process that `tells-heap` was started with, once all garbage has been collected. */
import { readFileSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fixture } from '../../helpers/program.ts';

export interface Heap {
  readonly heapKB: number;
  /** Beside the heap: buffers above all. */
  readonly externalKB: number;
  /** What keeps libuv's loop going, timers apart. */
  readonly active: number;
  /** One less once a link has been online for a minute. */
  readonly timers: number;
}

/** For three collections, on a machine that is busy. */
const TOLD_MS = 10_000;

/** Node's own arguments for a process that is to tell it in that folder. */
export const tellingHeap = (folder: string): readonly string[] => {
  const url = pathToFileURL(fixture('tells-heap'));
  url.searchParams.set('folder', folder);
  return ['--expose-gc', '--import', url.href];
};

/** @throws Error where it is not told in time. */
export const askHeap = async (pid: number, folder: string): Promise<Heap> => {
  const name = `heap-${pid}.json`;
  const path = join(folder, name);
  await new Promise<void>((resolve, reject) => {
    const settle = (done: () => void): void => {
      clearTimeout(timer);
      watcher.close();
      done();
    };
    const watcher = watch(folder, (_event, changed) => {
      if (changed === name) settle(resolve);
    });
    const timer = setTimeout(() => {
      settle(() => reject(new Error(`process ${pid} does not tell its heap`)));
    }, TOLD_MS);
    process.kill(pid, 'SIGWINCH');
  });
  const heap = JSON.parse(readFileSync(path, 'utf8')) as Heap;
  rmSync(path);
  return heap;
};
