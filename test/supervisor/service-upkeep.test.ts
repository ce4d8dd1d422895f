/** What a service sees to beside its machine: each thing is tried, and none of them is ever an exception. */
import { createLog } from '@guruconnect/shared/log';
import { claimInstance } from '@guruconnect/supervisor/instance';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { keepUp } from '@guruconnect/supervisor/service-upkeep';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const skip = process.platform === 'win32' && 'POSIX only: there is an SCM on Windows';

const fakeLog = () => {
  const lines: { readonly msg: string }[] = [];
  const log = createLog('supervisor', 'info', {
    write: (line) => {
      lines.push(JSON.parse(line) as { msg: string });
    },
  });
  return { log, lines };
};

test('the folder is claimed, and recovery looked at', { skip }, async (t) => {
  const data = tempDir(t);
  const { log, lines } = fakeLog();
  await keepUp(log, { data }, 'GuruConnect-test', 'own', () => undefined);
  await t.rejects(claimInstance(data), { message: /another supervisor is already running/ });
  t.match(lines, [{ level: 50, msg: 'recovery could not be looked at' }]);
});

test('a folder that is claimed is told, and no more', { skip }, async (t) => {
  const data = tempDir(t);
  const server = await claimInstance(data);
  t.teardown(() => server.close());
  const { log, lines } = fakeLog();
  await keepUp(log, { data }, 'GuruConnect-test', 'own', () => undefined);
  const told = new Map(lines.map((line) => [line.msg, line]));
  t.equal(lines.length, 2);
  t.match(told.get('the data folder could not be claimed'), { level: 40, why: /already running/ });
  t.match(told.get('recovery could not be looked at'), { level: 50 });
});

test(
  'an event source that cannot be looked at is told, and no service of another name has one',
  { skip },
  async (t) => {
    for (const [name, told] of [
      [SERVICE_NAME, true],
      ['GuruConnect-test', false],
    ] as const) {
      const { log, lines } = fakeLog();
      await keepUp(log, { data: tempDir(t) }, name, 'own', () => undefined);
      t.equal(
        lines.some(({ msg }) => msg === 'the event source could not be looked at'),
        told,
        name,
      );
    }
  },
);
