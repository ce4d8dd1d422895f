/**
 * A disk whose power can be cut. What was written and not flushed may be on it up to any byte, or as zeros (the length is
 * there, the data is not); of the folder's changes since it was last flushed, any may be on it and any may be missing.
 */
import { basename } from 'node:path';
import type { Files } from '@guruconnect/store/replace-file';

interface Inode {
  volatile: Buffer;
  isFlushed: boolean;
}

type Entries = ReadonlyMap<string, Inode>;
type Change = (entries: Map<string, Inode>) => void;

/** Name and content of every file. */
export type Content = Readonly<Record<string, Uint8Array>>;

class PowerCut extends Error {}

const subsets = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  all.reduce<readonly (readonly T[])[]>(
    (before, one) => before.flatMap((some) => [some, [...some, one]]),
    [[]],
  );

/** What may be left of bytes that were not flushed. */
const torn = (bytes: Buffer): readonly Buffer[] =>
  Array.from({ length: bytes.length + 1 }, (_, kept) => {
    const zeros = Buffer.alloc(bytes.length);
    bytes.copy(zeros, 0, 0, kept);
    return [bytes.subarray(0, kept), zeros];
  }).flat();

const contents = (entries: Entries): readonly Content[] =>
  [...entries].reduce<readonly Content[]>(
    (before, [name, { volatile, isFlushed }]) =>
      before.flatMap((rest) =>
        (isFlushed ? [volatile] : torn(volatile)).map((bytes) => ({ ...rest, [name]: bytes })),
      ),
    [{}],
  );

const keyOf = (content: Content): string =>
  JSON.stringify(
    Object.entries(content)
      .sort()
      .map(([name, bytes]) => [name, Buffer.from(bytes).toString('latin1')]),
  );

/** @param cutAfter operations that are carried out; the next one, and every one after it, fails. */
export const createModelDisk = (start: Content, cutAfter = Infinity) => {
  const inodes = Object.entries(start).map(
    ([name, bytes]) => [name, { volatile: Buffer.from(bytes), isFlushed: true }] as const,
  );
  let durable: Entries = new Map(inodes);
  const volatile = new Map<string, Inode>(inodes);
  let pending: Change[] = [];
  let operations = 0;

  const operate = <T>(work: () => T): Promise<T> =>
    new Promise((resolve) => {
      if (operations >= cutAfter) throw new PowerCut('the power is off');
      operations += 1;
      resolve(work());
    });
  const change = (apply: Change): void => {
    apply(volatile);
    pending.push(apply);
  };
  const refuse = (code: string): never => {
    throw Object.assign(new Error(code), { code });
  };

  const files: Files = {
    read: (path) => operate(() => volatile.get(basename(path))?.volatile),
    makeFolder: () => operate(() => undefined),
    create: (path) =>
      operate(() => {
        const name = basename(path);
        if (volatile.has(name)) refuse('EEXIST');
        const inode: Inode = { volatile: Buffer.alloc(0), isFlushed: true };
        change((entries) => entries.set(name, inode));
        return {
          write: (bytes) =>
            operate(() => {
              inode.volatile = Buffer.concat([inode.volatile, bytes]);
              inode.isFlushed = false;
            }),
          sync: () =>
            operate(() => {
              inode.isFlushed = true;
            }),
          isAt: (at) => operate(() => volatile.get(basename(at)) === inode),
          close: () => operate(() => undefined),
        };
      }),
    rename: (from, to) =>
      operate(() => {
        const inode = volatile.get(basename(from)) ?? refuse('ENOENT');
        change((entries) => {
          if (entries.get(basename(from)) === inode) entries.delete(basename(from));
          entries.set(basename(to), inode);
        });
      }),
    remove: (path) =>
      operate(() => {
        if (volatile.has(basename(path))) change((entries) => entries.delete(basename(path)));
      }),
    syncFolder: () =>
      operate(() => {
        durable = new Map(volatile);
        pending = [];
      }),
  };

  return {
    files,
    operations: () => operations,
    /** Everything that may be on the disk if the power goes now, each once. */
    leftBehind: (): readonly Content[] => {
      const all = subsets(pending).flatMap((changes) => {
        const entries = new Map(durable);
        for (const apply of changes) apply(entries);
        return contents(entries);
      });
      return [...new Map(all.map((content) => [keyOf(content), content])).values()];
    },
  };
};

/**
 * Runs the work with the power cut after each of its operations, none and all of them included.
 * @returns what may be on the disk then, by the number of operations; the last is that of the whole work.
 */
export const cutEverywhere = async (
  start: Content,
  work: (files: Files) => Promise<unknown>,
): Promise<readonly (readonly Content[])[]> => {
  const whole = createModelDisk(start);
  await work(whole.files);
  const results: (readonly Content[])[] = [];
  for (let cut = 0; cut < whole.operations(); cut += 1) {
    const disk = createModelDisk(start, cut);
    await work(disk.files).then(
      () => Promise.reject(new Error(`the power went after ${cut} operations, and nobody noticed`)),
      () => undefined,
    );
    results.push(disk.leftBehind());
  }
  return [...results, whole.leftBehind()];
};
