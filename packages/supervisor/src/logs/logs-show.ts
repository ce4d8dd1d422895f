/** Shows what is in the logs, and with it what comes. */
import { closeFile, type LogPlace, type OpenFile, foldersOf, openLog } from './log-files.ts';
import { type LogCursor, openCursor } from './log-cursor.ts';
import { watchFolders } from './log-changes.ts';
import { type LogEntry, type LogFilter, isWanted } from './log-entry.ts';
import type { LogOutput } from './log-output.ts';
import { endOfLines } from './file-lines.ts';
import { merge } from './merge.ts';
import { readLatest, readOnward } from './log-reader.ts';
import type { LogView } from './log-view.ts';

/** Of text that is written at once. */
const BATCH_LENGTH = 64 * 1024;

/** @returns whether anybody still reads. */
const print = async (entries: Iterable<LogEntry>, view: LogView, output: LogOutput): Promise<boolean> => {
  let batch = '';
  for (const entry of entries) {
    batch += view(entry);
    if (batch.length < BATCH_LENGTH) continue;
    if (!(await output.write(batch))) return false;
    batch = '';
  }
  return batch === '' || output.write(batch);
};

/** A log as it is when it is opened. */
export interface OpenedLog {
  readonly place: LogPlace;
  readonly rotated: readonly OpenFile[];
  readonly current: OpenFile | undefined;
}

/** What could be opened, and what could not be: a log may be another account's. */
export const openLogs = (
  places: readonly LogPlace[],
): { readonly logs: readonly OpenedLog[]; readonly denied: ReadonlyMap<string, unknown> } => {
  const denied = new Map<string, unknown>();
  const logs = places.flatMap((place) => {
    try {
      return [{ place, ...openLog(place) }];
    } catch (error) {
      denied.set(place.path, error);
      return [];
    }
  });
  return { logs, denied };
};

export const isThere = ({ rotated, current }: OpenedLog): boolean =>
  current !== undefined || rotated.length > 0;

interface Showing {
  readonly filter: LogFilter;
  /** The last so many; `undefined` for all. */
  readonly lines: number | undefined;
  readonly view: LogView;
  readonly output: LogOutput;
}

/** A line that is being written belongs to what comes. */
const untilNow = (log: OpenedLog): OpenedLog =>
  log.current === undefined
    ? log
    : { ...log, current: { ...log.current, size: endOfLines(log.current.fd, log.current.size) } };

/** @returns whether anybody still reads. The rotated files are closed, the current ones are not. */
const showPast = async (
  logs: readonly OpenedLog[],
  { filter, lines, view, output }: Showing,
): Promise<boolean> => {
  const files = logs.map(({ rotated, current }) => [...rotated, ...(current === undefined ? [] : [current])]);
  const entries = lines === undefined ? readOnward(files, filter) : readLatest(files, filter, lines);
  const isRead = await print(entries, view, output);
  for (const { rotated } of logs) rotated.forEach(closeFile);
  return isRead;
};

/** Shows what is there. */
export const showLogs = async (logs: readonly OpenedLog[], showing: Showing): Promise<void> => {
  await showPast(logs, showing);
  for (const { current } of logs) if (current !== undefined) closeFile(current);
};

/** What has come in all the logs, in the order of time as far as it came together. */
function* newsOf(cursors: readonly LogCursor[], filter: LogFilter): Generator<LogEntry, void> {
  const sources = cursors.map((cursor) => cursor.news());
  for (const entry of merge(sources, (a, b) => a.time < b.time)) if (isWanted(entry, filter)) yield entry;
}

/** Shows what is there, and what comes, until `signal` or until nobody reads it. */
export const followLogs = async (
  logs: readonly OpenedLog[],
  showing: Showing,
  signal: AbortSignal,
): Promise<void> => {
  const { filter, view } = showing;
  const output: LogOutput = {
    write: async (text) => (await showing.output.write(text)) && !signal.aborted,
  };
  const past = logs.map(untilNow);
  const changes = watchFolders(foldersOf(logs.map(({ place }) => place)), signal);
  const cursors = past.map(({ place, rotated, current }) =>
    openCursor(place, { file: current, from: current?.size ?? 0, known: rotated }),
  );
  try {
    let isRead = await showPast(past, { ...showing, output });
    while (isRead && !signal.aborted) {
      isRead = await print(newsOf(cursors, filter), view, output);
      if (isRead) await changes.next();
    }
  } finally {
    changes.close();
    for (const cursor of cursors) cursor.close();
  }
};
