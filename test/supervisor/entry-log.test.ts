import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logEntryFailure } from '@guruconnect/supervisor/entry-log';
import { test } from 'tap';
import { readLog } from '../helpers/service-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';

test('a failure before there is a log is a line of the log, behind those that are there', (t) => {
  const data = join(tempDir(t), 'made');
  logEntryFailure(['--bogus', '--data', data], new RangeError('out of it'));
  appendFileSync(join(data, 'logs', 'supervisor.log'), '{"msg":"later"}\n');
  logEntryFailure([`--data=${data}`, 'word'], 'a text');
  t.match(readLog(data), [
    {
      msg: 'the supervisor has failed',
      level: 60,
      pid: process.pid,
      err: { type: 'RangeError', message: 'out of it' },
    },
    { msg: 'later' },
    { msg: 'the supervisor has failed', err: { message: 'a text' } },
  ]);
  t.end();
});

test('nobody but its owner reads it', { skip: process.platform === 'win32' && 'POSIX modes' }, (t) => {
  const data = join(tempDir(t), 'made');
  logEntryFailure(['--data', data], new Error('x'));
  t.equal(statSync(data).mode & 0o777, 0o700);
  t.equal(statSync(join(data, 'logs', 'supervisor.log')).mode & 0o777, 0o600);
  t.end();
});

test('a folder that cannot be made is nobody’s second failure', (t) => {
  const file = join(tempDir(t), 'file');
  writeFileSync(file, '');
  t.doesNotThrow(() => {
    logEntryFailure(['--data', file], new Error('x'));
  });
  t.end();
});
