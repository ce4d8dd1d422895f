import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isOwnFile } from '@guruconnect/shared/data-folder';
import { test } from 'tap';

const CA = 'ca-0123456789abcdef.pem';

test('what the agent keeps in its data folder is its own', (t) => {
  for (const name of [
    'config.json',
    'credential.json',
    'credential.json.previous',
    'credential.json.damaged',
    'credential.entropy',
    'credential.entropy.new',
    'credential.json.new',
    'credential.json.previous.new',
    'machine.json.new',
    'machine.json',
    'logs',
    CA,
  ])
    t.ok(isOwnFile(name), name);
  t.end();
});

test('so is what a power cut leaves of a file that was being written', (t) => {
  // The library's own name for it, so that another version with other names is noticed.
  const library = createRequire(import.meta.url)('write-file-atomic') as {
    _getTmpname(filename: string): string;
  };
  for (const name of ['config.json', 'credential.json', 'machine.json', CA]) {
    const temporary = library._getTmpname(join('folder', name)).slice('folder/'.length);
    t.ok(temporary.startsWith(`${name}.`) && isOwnFile(temporary), temporary);
    for (const number of ['0', '4294967295']) t.ok(isOwnFile(`${name}.${number}`), number);
  }
  t.end();
});

test('what only looks like it is not', (t) => {
  const strangers = [
    'config.json.',
    'config.json.1a',
    'config.json.12345678901',
    'x-config.json.1',
    'mine.json.1',
    'mine.json.new',
    'logs.new',
  ];
  for (const name of [...strangers, 'ca-0123.pem.1', `${CA}.bak`, 'logs.1', 'status.sock.1'])
    t.notOk(isOwnFile(name), name);
  t.end();
});
