import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { ROOT } from '../helpers/program.ts';

const fileFor = (target: string): string =>
  join(ROOT, 'packages', 'native', 'build', target, 'Release', 'guruconnect.node');

/** What a program of binutils says of an addon, which has to be there. */
const dump = (program: string, option: string, target: string) => ({
  text: () => spawnSync(program, [option, fileFor(target)], { encoding: 'utf8' }).stdout,
  options:
    existsSync(fileFor(target)) && spawnSync(program, ['--version']).status === 0
      ? {}
      : { skip: `no ${program}, or no addon for ${target}` },
});

const pe = dump('x86_64-w64-mingw32-objdump', '-p', 'win32-x64');
const elf = dump('readelf', '-ldW', 'linux-x64');

test('Windows may load the addon anywhere, and executes nothing of its data', pe.options, (t) => {
  for (const flag of ['HIGH_ENTROPY_VA', 'DYNAMIC_BASE', 'NX_COMPAT']) t.match(pe.text(), flag);
  t.end();
});

test('the addon for Windows wants the system’s libraries and no others', pe.options, (t) => {
  const names = [...pe.text().matchAll(/DLL Name: (\S+)/g)].map(([, name = '']) => name.toLowerCase());
  // Another one would be looked for beside the program, or in the folder that a service starts in.
  t.same(names.sort(), ['advapi32.dll', 'crypt32.dll', 'kernel32.dll', 'msvcrt.dll']);
  t.end();
});

test('on Linux what has been bound is read-only, and the stack is no code', elf.options, (t) => {
  t.match(elf.text(), /GNU_RELRO/);
  t.match(elf.text(), /BIND_NOW/);
  t.match(elf.text(), /GNU_STACK.* RW /);
  t.end();
});
