import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addonFolder, unpackAddon } from '@guruconnect/native/unpacked-addon';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const CONTENT = Buffer.from('an addon');
const HASH = 'a'.repeat(64);

test('it is written once, and found the next time', (t) => {
  const program = tempDir(t);
  const file = unpackAddon(CONTENT, HASH, program);
  t.equal(file, join(addonFolder(program, HASH), 'guruconnect.node'));
  t.same(readFileSync(file), CONTENT);
  t.same(readdirSync(addonFolder(program, HASH)), ['guruconnect.node'], 'no draft is left');
  t.equal(unpackAddon(CONTENT, HASH, program), file);
  t.end();
});

test('one that is not what it should be is replaced', (t) => {
  const program = tempDir(t);
  const file = unpackAddon(CONTENT, HASH, program);
  for (const other of ['an Addon', 'an addo', 'an addon ', '']) {
    writeFileSync(file, other);
    t.same(readFileSync(unpackAddon(CONTENT, HASH, program)), CONTENT, JSON.stringify(other));
  }
  t.end();
});

test('one that cannot be replaced is not given', (t) => {
  const program = tempDir(t);
  mkdirSync(join(addonFolder(program, HASH), 'guruconnect.node'), { recursive: true });
  t.throws(() => unpackAddon(CONTENT, HASH, program));
  t.same(readdirSync(addonFolder(program, HASH)), ['guruconnect.node'], 'no draft is left');
  t.end();
});

test('those of other versions go, and nothing else does', (t) => {
  const program = tempDir(t);
  unpackAddon(CONTENT, 'b'.repeat(64), program);
  for (const name of ['native-mine', 'native-', 'guruconnect.d']) mkdirSync(join(program, name));
  unpackAddon(CONTENT, HASH, program);
  t.same(readdirSync(program).sort(), [
    'guruconnect.d',
    'native-',
    `native-${'a'.repeat(16)}`,
    'native-mine',
  ]);
  t.end();
});
