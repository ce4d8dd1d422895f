/** A line of a log as a person reads it, or a program. Whatever is in it steers no terminal and forges no line. Pure. */
import { printable } from '@guruconnect/shared/printable';
import pretty from 'pino-pretty';
import type { LogEntry } from './log-entry.ts';

/** With its newline. */
export type LogView = (entry: LogEntry) => string;

/** A stack has lines; pino-pretty indents them, so that none of them looks like one of the log. */
const clean = (value: unknown, key = ''): unknown => {
  if (typeof value === 'string')
    return key === 'stack' ? value.split('\n').map(printable).join('\n') : printable(value);
  if (Array.isArray(value)) return value.map((item) => clean(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [printable(name), clean(item, name)]),
  );
};

/** `worker/link`: which part of which process. */
const named = ({ name, part, ...rest }: Readonly<Record<string, unknown>>): object =>
  typeof part === 'string' ? { ...rest, name: `${String(name)}/${part}` } : { ...rest, name };

/** In JSON `\uXXXX` is the same character: a line that is whole says the same to a program. */
export const jsonView: LogView = ({ text }) => `${printable(text)}\n`;

const COLOR_OFF = '\x1b[39m';
const BEHIND_NEWLINE = `\n${COLOR_OFF}`;

export const prettyView = (isColored: boolean): LogView => {
  const format = pretty.prettyFactory({
    colorize: isColored,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l',
    ignore: 'pid,hostname',
    singleLine: true,
  });
  // pino-pretty's last color ends behind the newline.
  const tidy = (pretty: string): string =>
    pretty.endsWith(BEHIND_NEWLINE)
      ? `${pretty.slice(0, -BEHIND_NEWLINE.length)}${COLOR_OFF}\n`
      : `${pretty.replace(/\s+$/gm, '')}\n`;
  return ({ text, level }) => {
    if (level === undefined) return `${printable(text)}\n`;
    try {
      return tidy(format(named(clean(JSON.parse(text)) as Readonly<Record<string, unknown>>)));
    } catch {
      // Damaged behind its beginning.
      return `${printable(text)}\n`;
    }
  };
};
