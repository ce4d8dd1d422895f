/** Watches that break or cannot be had: the system's part is played by the test. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TIMING } from '@guruconnect/shared/timing';
import type { OpenWatch } from '@guruconnect/worker/config-watch';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { watching } from './config-watching.ts';

interface Opened {
  readonly path: string;
  readonly event: Parameters<OpenWatch>[1];
  readonly error: Parameters<OpenWatch>[2];
  closed: boolean;
}

/** Every watch that is opened, its events and errors in the test's hand. */
const stage = (t: Test, refuse?: (path: string, opened: readonly Opened[]) => Error | undefined) => {
  const folder = join(tempDir(t), 'data');
  const path = join(folder, 'config.json');
  mkdirSync(folder);
  writeFileSync(path, 'first');
  const opened: Opened[] = [];
  const openWatch: OpenWatch = (place, event, error) => {
    const refusal = refuse?.(place, opened);
    if (refusal !== undefined) throw refusal;
    const own = { path: place, event, error, closed: false };
    opened.push(own);
    return {
      close: () => {
        own.closed = true;
      },
    };
  };
  const { clock, seen } = watching(t, path, openWatch);
  const last = () => {
    const own = opened.at(-1);
    if (own === undefined) throw new Error('no watch was opened');
    return own;
  };
  return { folder, path, opened, last, clock, seen };
};
const EPERM = new Error('EPERM: operation not permitted, watch');
const ENOENT = new Error('ENOENT: no such file or directory, watch');
const paths = (opened: readonly Opened[]) => opened.map(({ path }) => path);

test('a watch that breaks is opened again after a while, and what was missed is told', (t) => {
  const { folder, path, opened, last, clock, seen } = stage(t);
  const first = last();
  writeFileSync(path, 'second');
  first.error(EPERM);
  t.ok(first.closed);
  t.equal(opened.length, 1, 'not at once');
  clock.advance(TIMING.configSettle);
  t.same(paths(opened), [folder, folder]);
  clock.advance(TIMING.configSettle);
  t.equal(seen.changes, 1);
  t.same(seen.troubles, []);
  t.end();
});

test('a folder that goes breaks its watch on Windows: the one above is watched, and it when it is back', (t) => {
  const { folder, path, last, clock, seen } = stage(t);
  rmSync(folder, { recursive: true });
  last().error(EPERM);
  clock.advance(2 * TIMING.configSettle);
  t.equal(last().path, dirname(folder));
  t.equal(seen.changes, 1);
  last().event('change', 'config.json');
  t.same(clock.pending(), [], 'a file by its name up there is another one');
  mkdirSync(folder);
  writeFileSync(path, 'first');
  last().event('rename', 'data');
  t.equal(last().path, folder);
  clock.advance(TIMING.configSettle);
  t.equal(seen.changes, 2);
  t.same(seen.troubles, []);
  t.end();
});

test('a watch that breaks twice in a row is given up, which is told once', (t) => {
  const { folder, path, opened, last, clock, seen } = stage(t);
  last().error(EPERM);
  clock.advance(2 * TIMING.configSettle);
  last().error(EPERM);
  t.same(seen.troubles, [`${folder}: ${EPERM.message}`]);
  last().error(EPERM);
  clock.advance(60_000);
  t.equal(opened.length, 2);
  t.ok(opened.every(({ closed }) => closed));
  writeFileSync(path, 'second');
  last().event('change', 'config.json');
  clock.advance(60_000);
  t.equal(seen.changes, 0, 'one that is closed is not listened to');
  t.equal(seen.troubles.length, 1);
  t.end();
});

test('a watch that breaks, works, and breaks again is opened again each time', (t) => {
  const { opened, last, clock, seen } = stage(t);
  for (let at = 0; at < 3; at += 1) {
    last().error(EPERM);
    clock.advance(2 * TIMING.configSettle);
    last().event('change', 'other');
  }
  t.equal(opened.length, 4);
  t.same(seen.troubles, []);
  t.end();
});

test('a watch that cannot be had is told with the place and the reason, and nothing falls over', (t) => {
  const why = new Error('ENOSPC: System limit for number of file watchers reached, watch');
  const { folder, opened, clock, seen } = stage(t, () => why);
  t.same(seen.troubles, [`${folder}: ${why.message}`]);
  t.same(opened, []);
  t.same(clock.pending(), []);
  t.end();
});

test('a folder that goes while its watch is opened is no trouble: the one above is watched', (t) => {
  const { folder, last, seen } = stage(t, (path) => {
    if (!path.endsWith('data')) return undefined;
    rmSync(path, { recursive: true });
    return ENOENT;
  });
  t.equal(last().path, dirname(folder));
  t.same(seen.troubles, []);
  t.end();
});

test('a folder that is made while the one above it begins to be watched is not missed', (t) => {
  const { folder, opened, last } = stage(t, (path, before) => {
    if (!path.endsWith('data')) {
      mkdirSync(join(path, 'data'));
      return undefined;
    }
    if (before.length > 0) return undefined;
    rmSync(path, { recursive: true });
    return ENOENT;
  });
  t.same(paths(opened), [dirname(folder), folder]);
  t.ok(opened[0]?.closed);
  t.notOk(last().closed);
  t.end();
});

for (const [what, name] of [
  ['without a name', null],
  ['with a name in other letters, where a system does not tell them apart', 'CONFIG.JSON'],
] as const) {
  test(`an event ${what} may be about the file`, (t) => {
    const { path, last, clock, seen } = stage(t);
    writeFileSync(path, 'second');
    last().event('change', name);
    clock.advance(TIMING.configSettle);
    t.equal(seen.changes, 1);
    t.end();
  });
}
