/** A supervisor in console mode, its worker, and the worker's child: the fixture `worker-family`. */
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Program, fixture, isAlive, startProgram } from './program.ts';

export interface Family {
  readonly supervisor: Program;
  readonly data: string;
  readonly worker: number;
  readonly child: number;
  /** The signals that the worker heard. */
  signals(): string;
}

export const readFamily = (data: string): { readonly worker: number; readonly child: number } =>
  JSON.parse(readFileSync(join(data, 'family.json'), 'utf8')) as { worker: number; child: number };

/** Running; whatever is left of it is killed. @param what see the fixture. @param by becomes the supervisor. */
export const startFamily = async (t: Test, what = '', by: readonly string[] = []): Promise<Family> => {
  const data = t.testdir();
  const env = { GURUCONNECT_FAMILY: what };
  const supervisor = startProgram(fixture('supervisor'), [data, fixture('worker-family')], { env, by });
  t.teardown(() => supervisor.kill('SIGKILL'));
  await supervisor.seen(/service: running/);
  const { worker, child } = readFamily(data);
  t.teardown(() => {
    for (const pid of [worker, child]) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  t.ok(isAlive(worker) && isAlive(child), 'both live');
  const heard = join(data, 'signals');
  return {
    supervisor,
    data,
    worker,
    child,
    signals: () => (existsSync(heard) ? readFileSync(heard, 'utf8') : ''),
  };
};

/** The descriptors of a process, and what they are: `socket:[4711]`. Linux. */
export const descriptorsOf = (pid: number): ReadonlyMap<number, string> =>
  new Map(readdirSync(`/proc/${pid}/fd`).map((fd) => [Number(fd), readlinkSync(`/proc/${pid}/fd/${fd}`)]));

/** What proc(5) says of it, from the third field on. */
const statOf = (pid: number): readonly string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');

const BUSY_TICKS = 30;
const BUSY_MS = 10_000;

/** Whether it does nothing but compute: so many ticks of user time more, soon. Linux. */
export const isBusy = async (pid: number): Promise<boolean> => {
  const ticks = (): number => Number(statOf(pid)[11]);
  const enough = ticks() + BUSY_TICKS;
  const end = performance.now() + BUSY_MS;
  while (ticks() < enough && performance.now() < end) await new Promise((done) => setTimeout(done, 20));
  return ticks() >= enough;
};

/** Its process group and its session. Linux. */
export const groupOf = (pid: number): { readonly group: number; readonly session: number } => {
  const [, , group, session] = statOf(pid);
  return { group: Number(group), session: Number(session) };
};
