import { appendFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logEntryFailure } from '@guruconnect/supervisor/entry-log';
import { test } from 'tap';
import { readLog } from '../helpers/service-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';

test('a failure before there is a log is a line of the log, behind those that are there', async (t) => {
  const data = join(tempDir(t), 'made');
  await logEntryFailure(['--bogus', '--data', data], new RangeError('out of it'));
  appendFileSync(join(data, 'logs', 'supervisor.log'), '{"msg":"later"}\n');
  await logEntryFailure([`--data=${data}`, 'word'], 'a text');
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
});

test('nobody but its owner reads it', { skip: process.platform === 'win32' && 'POSIX modes' }, async (t) => {
  const data = join(tempDir(t), 'made');
  await logEntryFailure(['--data', data], new Error('x'));
  t.equal(statSync(data).mode & 0o777, 0o700);
  t.equal(statSync(join(data, 'logs', 'supervisor.log')).mode & 0o777, 0o600);
});

test('a folder that cannot be made is nobody’s second failure', async (t) => {
  const file = join(tempDir(t), 'file');
  writeFileSync(file, '');
  await t.resolves(logEntryFailure(['--data', file], new Error('x')));
});

test('the folder is made as the service’s folders are, and not at all where that is refused', async (t) => {
  const data = join(tempDir(t), 'made');
  const asked: string[] = [];
  await logEntryFailure(['--data', data], new Error('x'), (path) => {
    asked.push(path);
    return Promise.reject(new Error('refused'));
  });
  t.same(asked, [data]);
  t.notOk(existsSync(data));
});
