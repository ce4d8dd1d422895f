/** The folder of the configuration file comes and goes, on a real file system. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap, { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { watching } from './config-watching.ts';

tap.jobs = 4;
const bounded = { timeout: 20_000 };
const WINDOWS = process.platform === 'win32';

test('a folder that is missing at first is waited for, with those above it', bounded, async (t) => {
  const path = join(tempDir(t), 'a', 'b', 'c', 'config.json');
  const { changes, seen } = watching(t, path);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, 'first');
  t.equal(await changes(), 1);
  writeFileSync(path, 'second');
  t.equal(await changes(), 1, 'and the folder itself is watched from then on');
  t.same(seen.troubles, []);
});

test('folders that are made one after the other are followed down', bounded, async (t) => {
  const top = tempDir(t);
  const path = join(top, 'a', 'b', 'config.json');
  const { changes } = watching(t, path);
  for (const folder of [join(top, 'a'), join(top, 'a', 'b')]) {
    mkdirSync(folder);
    t.equal(await changes(), 0, 'the file is still missing');
  }
  writeFileSync(path, 'first');
  t.equal(await changes(), 1);
});

test('a folder that vanishes is a change, and one that comes back is watched', bounded, async (t) => {
  const top = tempDir(t);
  const folder = join(top, 'data');
  const path = join(folder, 'config.json');
  mkdirSync(folder);
  writeFileSync(path, 'first');
  const { changes, seen } = watching(t, path);
  for (const text of ['second', 'third']) {
    rmSync(folder, { recursive: true });
    t.equal(await changes(), 1);
    mkdirSync(folder);
    writeFileSync(path, text);
    t.equal(await changes(), 1);
    writeFileSync(path, `${text} again`);
    t.equal(await changes(), 1);
  }
  t.same(seen.troubles, []);
});

test('a folder that is removed and made again at once is the new one', bounded, async (t) => {
  const folder = join(tempDir(t), 'data');
  const path = join(folder, 'config.json');
  mkdirSync(folder);
  writeFileSync(path, 'first');
  const { changes } = watching(t, path);
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  writeFileSync(path, 'second');
  t.equal(await changes(), 1);
  writeFileSync(path, 'third');
  t.equal(await changes(), 1);
});

test(
  'a folder that is moved away is not the folder any more',
  { ...bounded, skip: WINDOWS ? 'a watched folder cannot be moved there' : false },
  async (t) => {
    const top = tempDir(t);
    const folder = join(top, 'data');
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.json'), 'first');
    const { changes, quiet } = watching(t, join(folder, 'config.json'));
    renameSync(folder, join(top, 'former'));
    t.equal(await changes(), 1);
    writeFileSync(join(top, 'former', 'config.json'), 'second');
    t.ok(await quiet());
  },
);

test(
  'a volume of Kubernetes, whose files are links through ..data, is seen when that link is swapped',
  { ...bounded, skip: WINDOWS ? 'its links need a privilege' : false },
  async (t) => {
    const folder = tempDir(t);
    const put = (version: string): void => {
      mkdirSync(join(folder, `..${version}`));
      writeFileSync(join(folder, `..${version}`, 'config.json'), version);
      symlinkSync(`..${version}`, join(folder, '..data_tmp'));
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    put('first');
    symlinkSync(join('..data', 'config.json'), join(folder, 'config.json'));
    const { changes } = watching(t, join(folder, 'config.json'));
    put('second');
    t.equal(await changes(), 1);
    put('third');
    t.equal(await changes(), 1);
  },
);

test(
  'a folder in place of the file, and a file in place of the folder, are nothing to fall over',
  bounded,
  async (t) => {
    const folder = tempDir(t);
    const path = join(folder, 'config.json');
    mkdirSync(path);
    const { changes, seen } = watching(t, path);
    rmSync(path, { recursive: true });
    writeFileSync(path, 'first');
    t.equal(await changes(), 1);
    const below = watching(t, join(path, 'config.json'));
    rmSync(path);
    mkdirSync(path);
    writeFileSync(join(path, 'config.json'), 'second');
    t.equal(await below.changes(), 1);
    t.same([...seen.troubles, ...below.seen.troubles], []);
  },
);
