/** The logs for an archive: all of them while there is room, the newest first, of one that is too long its end. */
import { type Dirent, closeSync, constants, lstatSync, openSync, readSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { messageOf } from '@guruconnect/shared/usage-error';
import type { Entry } from './entries.ts';

const IS_LOG = /\.log/i;

interface Found {
  readonly path: string;
  readonly size: number;
  readonly changedAt: number;
}

/** It comes and goes while a log is rotated. */
const IS_LOCK = /\.lock$/i;

type Missing = Extract<Entry, { readonly kind: 'missing' }>;

/** @param name of the folder in the archive. */
const namesIn = (folder: string, name: string): Dirent[] | Missing => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return { name, kind: 'missing', why: messageOf(error) };
  }
};

/** One that is gone since it was listed was rotated away: that is none. */
const fileAt = (path: string, name: string): Found | Missing | undefined => {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat?.isFile() ? { path, size: stat.size, changedAt: stat.mtimeMs } : undefined;
  } catch (error) {
    return { name, kind: 'missing', why: messageOf(error) };
  }
};

/** A link may lead anywhere, and a worker with few rights may write here: links are left alone. */
const filesIn = (folder: string, name: string): readonly (Found | Missing)[] => {
  const names = namesIn(folder, name);
  if (!Array.isArray(names)) return [names];
  return names.flatMap((entry) => {
    const [path, inner] = [join(folder, entry.name), `${name}/${entry.name}`];
    if (entry.isDirectory()) return filesIn(path, inner);
    if (!entry.isFile() || !IS_LOG.test(entry.name) || IS_LOCK.test(entry.name)) return [];
    return fileAt(path, inner) ?? [];
  });
};

const isMissing = (found: Found | Missing): found is Missing => 'kind' in found;

/** The constant is not there on Windows. */
const NO_FOLLOW = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;

/** @returns the last bytes, from the beginning of a line on. */
const readEnd = ({ path, size }: Found, room: number): string => {
  const file = openSync(path, constants.O_RDONLY | NO_FOLLOW);
  try {
    const buffer = Buffer.alloc(Math.min(size, room));
    const read = readSync(file, buffer, 0, buffer.length, size - buffer.length);
    const text = buffer.toString('utf8', 0, read);
    return size > room ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    closeSync(file);
  }
};

/** Never throws: what cannot be read is an entry that says so. @param room bytes, altogether. */
export const logEntries = (folder: string, room: number): readonly Entry[] => {
  const found = filesIn(folder, 'logs');
  const files = found
    .filter((one): one is Found => !isMissing(one))
    .sort((a, b) => b.changedAt - a.changedAt);
  let left = room;
  const entries = files.map((file): Entry => {
    const name = `logs/${relative(folder, file.path).replaceAll('\\', '/')}`;
    if (left <= 0) return { name, kind: 'missing', why: 'no room was left: newer logs came first' };
    try {
      const text = readEnd(file, left);
      const cut = file.size > left;
      left -= file.size;
      return { name, kind: 'text', text, ...(cut && { remark: 'only its end' }) };
    } catch (error) {
      return { name, kind: 'missing', why: messageOf(error) };
    }
  });
  return [...entries, ...found.filter(isMissing)];
};
