/** All that is in the logs at one moment, in the order of time, from either end. */
import { type ReadBytes, bytesOf, linesBackward, linesForward } from './file-lines.ts';
import { type LogEntry, type LogFilter, isWanted, readEntry } from './log-entry.ts';
import type { OpenFile } from './log-files.ts';
import { merge } from './merge.ts';

/** Files of one log, oldest first. */
export type LogFiles = readonly OpenFile[];

/**
 * What was changed last before that has nothing to show; but for the last file, which is being written: Windows may tell of its changes only
 * when it is closed.
 * @see https://learn.microsoft.com/windows/win32/sysinfo/file-times
 */
const worthReading = (files: LogFiles, { since }: LogFilter): LogFiles =>
  files.filter(({ changedAt }, at) => since === undefined || at === files.length - 1 || changedAt >= since);

/** @returns where the last line begins that has no end yet. */
export function* entriesOf(
  read: ReadBytes,
  from: number,
  to: number,
  near: { time: number },
): Generator<LogEntry, number> {
  const lines = linesForward(read, from, to);
  for (let line = lines.next(); ; line = lines.next()) {
    if (line.done === true) return line.value;
    const entry = readEntry(line.value, near.time);
    near.time = entry.time;
    yield entry;
  }
}

function* wholeFile({ fd, size }: OpenFile, near: { time: number }): Generator<LogEntry, void> {
  const end = yield* entriesOf(bytesOf(fd), 0, size, near);
  if (end >= size) return;
  // A line whose writer died over it, or had no room on the disk.
  const rest = linesBackward(fd, size).next();
  if (rest.done !== true) yield readEntry(rest.value, near.time);
}

function* onward(files: LogFiles): Generator<LogEntry, void> {
  const near = { time: 0 };
  for (const file of files) yield* wholeFile(file, near);
}

function* back(files: LogFiles): Generator<LogEntry, void> {
  let near = Infinity;
  for (const { fd, size } of [...files].reverse())
    for (const text of linesBackward(fd, size)) {
      const entry = readEntry(text, near);
      near = entry.time;
      yield entry;
    }
}

/** All that is wanted, oldest first. */
export function* readOnward(logs: readonly LogFiles[], filter: LogFilter): Generator<LogEntry, void> {
  const sources = logs.map((files) => onward(worthReading(files, filter)));
  for (const entry of merge(sources, (a, b) => a.time < b.time)) if (isWanted(entry, filter)) yield entry;
}

/** The last `most` of what is wanted, oldest first. */
export const readLatest = (
  logs: readonly LogFiles[],
  filter: LogFilter,
  most: number,
): readonly LogEntry[] => {
  // Reversed twice, so that what is of one time keeps its order.
  const sources = [...logs].reverse().map((files) => back(worthReading(files, filter)));
  const found: LogEntry[] = [];
  if (most > 0)
    for (const entry of merge(sources, (a, b) => a.time > b.time)) {
      if (isWanted(entry, filter) && found.push(entry) === most) break;
    }
  return found.reverse();
};
