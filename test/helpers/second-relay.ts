/** The relay of other hands, test/fixtures/second-relay.py: Python and Debian's python3-websockets. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Test } from 'tap';
import { ROOT } from './program.ts';

const PYTHON = '/usr/bin/python3';
export const TOKEN = 'enrolment-token-of-the-test';
/** After a stop, in seconds. */
export const SLOT_S = 2.5;
/** For an event of the relay's. */
const SOON_MS = 15_000;

const libraryIsThere = () =>
  spawnSync(PYTHON, ['-c', 'import websockets.legacy.server'], { stdio: 'ignore' }).status === 0;
const whyNot = (): string | false => {
  if (process.platform === 'win32') return 'signals are sent, and the second relay is for POSIX';
  return libraryIsThere() ? false : 'python3-websockets is not installed (Debian)';
};
/** For `test`: skips where it cannot run, and says why. */
export const HERE = { skip: whyNot() };

export interface RelayEvent extends Readonly<Record<string, unknown>> {
  readonly event: string;
  /** Milliseconds since the test's process started. */
  readonly at: number;
}

export interface SecondRelay {
  readonly url: string;
  readonly port: number;
  readonly seen: readonly RelayEvent[];
  /** The first event of that name from `from` on, which may be there already; rejects when the relay's output ends before it. */
  waitFor(event: string, from?: number): Promise<RelayEvent>;
  /** By SIGTERM: resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** What the relay tells, as it comes. */
const listen = (child: ChildProcess) => {
  const seen: RelayEvent[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of waiting) look();
  };
  if (child.stdout === null) throw new Error('the relay has no stdout');
  createInterface({ input: child.stdout }).on('line', (line) => {
    seen.push({ ...(JSON.parse(line) as { event: string }), at: performance.now() });
    wake();
  });
  const waitFor = (event: string, from = 0): Promise<RelayEvent> =>
    new Promise((resolve, reject) => {
      const settle = (done: () => void): void => {
        clearTimeout(timer);
        waiting.delete(look);
        done();
      };
      const look = (): void => {
        const found = seen.slice(from).find((one) => one.event === event);
        if (found !== undefined) settle(() => resolve(found));
      };
      const timer = setTimeout(() => {
        settle(() => reject(new Error(`no ${event} within ${SOON_MS} ms in ${JSON.stringify(seen)}`)));
      }, SOON_MS);
      waiting.add(look);
      look();
    });
  return { seen, waitFor };
};

/** @param state the file that it keeps machines in, for another one to go on with */
export const startSecondRelay = async (t: Test, state: string, port = 0): Promise<SecondRelay> => {
  const script = join(ROOT, 'test', 'fixtures', 'second-relay.py');
  const child = spawn(PYTHON, ['-B', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  child.stdin.end(`${JSON.stringify({ token: TOKEN, state, port, slotSeconds: SLOT_S })}\n`);
  const ended = once(child, 'close') as Promise<[number | null]>;
  const { seen, waitFor } = listen(child);
  const bound = (await waitFor('listening'))['port'] as number;
  return {
    url: `ws://127.0.0.1:${bound}`,
    port: bound,
    seen,
    waitFor,
    stop: async () => {
      child.kill('SIGTERM');
      return (await ended)[0];
    },
  };
};
