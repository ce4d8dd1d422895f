import { printable } from '@guruconnect/shared/printable';
import type { RelayEvent } from './events.ts';

/**
 * One plain line for an event: its kind, then `name=value`. Text that an agent chose is quoted and its control, format
 * and separator characters are escaped, so that a hostname cannot write to the operator's terminal.
 */
export const describe = (event: RelayEvent): string => {
  const { kind, ...facts } = event;
  const message =
    'message' in facts ? { ...facts.message, message: facts.message.kind, kind: undefined } : {};
  const pairs = Object.entries({ ...facts, ...message }).filter(([, value]) => value !== undefined);
  return [kind, ...pairs.map(([name, value]) => `${name}=${show(value)}`)].join(' ');
};

const show = (value: unknown): string => {
  // A number, a truth value, or an object of a message.
  if (typeof value !== 'string') return printable(JSON.stringify(value));
  const text = value;
  return /^[\w.-]+$/.test(text) ? text : quoted(text);
};

const quoted = (text: string): string => printable(JSON.stringify(text));
