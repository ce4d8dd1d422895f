/** What is behind an error, for those who have asked for it (`--verbose`). Pure. */
import { printable } from './printable.ts';
import { secretless } from './secretless.ts';

/** What Node's errors and ours tell beside the message. Not all there is: a URL that could not be parsed, say, may hold a password. */
const FIELDS = ['code', 'operation', 'object', 'syscall', 'path'];

/** An error that is its own cause's cause ends somewhere. */
const MAX_CAUSES = 8;

const fieldsOf = (error: Error): string =>
  FIELDS.map((name) => [name, Reflect.get(error, name) as unknown] as const)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ');

const linesOf = (error: Error): readonly string[] => {
  const fields = fieldsOf(error);
  return [
    ...(error.stack ?? `${error.name}: ${error.message}`).split('\n'),
    ...(fields === '' ? [] : [`    ${fields}`]),
  ];
};

/** The error and what it comes of: the errors it stands for, and its cause. */
const chain = (error: unknown, left: number): readonly string[] => {
  if (!(error instanceof Error)) return [String(error)];
  const behind = [
    ...(error instanceof AggregateError ? (error.errors as readonly unknown[]) : []),
    ...(error.cause === undefined ? [] : [error.cause]),
  ];
  if (left === 0) return linesOf(error);
  return [
    ...linesOf(error),
    ...behind.flatMap((cause) => {
      const [first = '', ...rest] = chain(cause, left - 1);
      return [`caused by: ${first}`, ...rest];
    }),
  ];
};

/** Stack, Win32 code or errno, and the chain of causes; fit for a terminal, a line each, without the user and password of a URL. */
export const errorDetails = (error: unknown): readonly string[] =>
  chain(error, MAX_CAUSES).map((line) => printable(secretless(line)));
