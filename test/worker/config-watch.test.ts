/** Real files and the system's own events; only the time to settle is a test's, so that nothing depends on its speed. */
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TIMING } from '@guruconnect/shared/timing';
import tap, { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { TOLD_MS, pause, watching } from './config-watching.ts';

tap.jobs = 4;
const bounded = { timeout: 20_000 };

const withFile = (t: Test, text = 'first') => {
  const folder = tempDir(t);
  const path = join(folder, 'config.json');
  writeFileSync(path, text);
  return { folder, path };
};

test('a file that is written in place is one change', bounded, async (t) => {
  const { path } = withFile(t);
  const { changes, quiet } = watching(t, path);
  writeFileSync(path, 'second');
  t.equal(await changes(), 1);
  appendFileSync(path, ' and more');
  t.equal(await changes(), 1);
  t.ok(await quiet());
});

test('a file that is replaced by a rename is one change, each time', bounded, async (t) => {
  const { folder, path } = withFile(t);
  const { changes } = watching(t, path);
  for (const text of ['second', 'third', 'fourth']) {
    writeFileSync(join(folder, 'config.json.123'), text);
    renameSync(join(folder, 'config.json.123'), path);
    t.equal(await changes(), 1, text);
  }
});

test('a file that is deleted is a change, and so is one that is made again', bounded, async (t) => {
  const { path } = withFile(t);
  const { changes } = watching(t, path);
  rmSync(path);
  t.equal(await changes(), 1);
  writeFileSync(path, 'first');
  t.equal(await changes(), 1);
});

test('a file that is not there at first is a change when it is made', bounded, async (t) => {
  const path = join(tempDir(t), 'config.json');
  const { changes } = watching(t, path);
  writeFileSync(path, 'first');
  t.equal(await changes(), 1);
});

test('a file that is half written is not told before it has settled', bounded, async (t) => {
  const { path } = withFile(t);
  const { clock, seen, changes } = watching(t, path);
  writeFileSync(path, '{"relay": "wss://re');
  while (clock.pending().length === 0) await pause(5);
  await pause(TOLD_MS);
  clock.advance(TIMING.configSettle - 1);
  t.equal(seen.changes, 0);
  appendFileSync(path, 'lay.example"}');
  await pause(2 * TOLD_MS);
  clock.advance(TIMING.configSettle - 1);
  t.equal(seen.changes, 0, 'what was written since counts anew');
  t.equal(await changes(), 1);
});

test('many writes in a row are one change', bounded, async (t) => {
  const { path } = withFile(t);
  const { clock, seen, changes, quiet } = watching(t, path);
  for (let at = 0; at < 30; at += 1) {
    writeFileSync(path, `write ${at}`);
    await pause(3);
  }
  t.equal(seen.changes, 0);
  t.equal(clock.pending().length, 1);
  t.equal(await changes(), 1);
  t.ok(await quiet());
});

test(
  'a file whose content is the same is no change: touched, written again, made others’',
  bounded,
  async (t) => {
    const { folder, path } = withFile(t);
    const { changes } = watching(t, path);
    utimesSync(path, new Date(), new Date(0));
    writeFileSync(path, 'first');
    t.equal(await changes(), 0);
    chmodSync(path, 0o600);
    writeFileSync(join(folder, 'aside'), 'first');
    renameSync(join(folder, 'aside'), path);
    t.equal(await changes(), 0);
    writeFileSync(path, 'second');
    writeFileSync(path, 'first');
    t.equal(await changes(), 0, 'there and back');
  },
);

test('other files of the folder are no event', bounded, async (t) => {
  const { folder, path } = withFile(t);
  const { quiet } = watching(t, path);
  for (const name of ['credential.json', 'config.json.123', 'xconfig.json', 'config']) {
    writeFileSync(join(folder, name), 'x');
  }
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'logs', 'config.json'), 'x');
  t.ok(await quiet());
});

test('a watch that is closed tells nothing, not even what it has seen', bounded, async (t) => {
  const { path } = withFile(t);
  const { clock, seen, watch, quiet } = watching(t, path);
  writeFileSync(path, 'second');
  while (clock.pending().length === 0) await pause(5);
  watch.close();
  t.same(clock.pending(), []);
  writeFileSync(path, 'third');
  t.ok(await quiet());
  watch.close();
  t.equal(seen.changes, 0);
});
