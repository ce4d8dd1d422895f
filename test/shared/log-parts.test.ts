import { createLog, partLog, setLogLevel } from '@guruconnect/shared/log';
import { test } from 'tap';

const open = () => {
  const lines: Record<string, unknown>[] = [];
  const log = createLog('worker', 'info', {
    write: (line: string) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  });
  return { log, lines };
};

test('every line of a part says which', (t) => {
  const { log, lines } = open();
  partLog(log, 'link').info('up');
  log.info('whole');
  t.match(lines, [{ part: 'link', name: 'worker', msg: 'up' }, { msg: 'whole' }]);
  t.equal(lines[1]?.['part'], undefined);
  t.end();
});

test('a level that is set counts for the log and for its parts, those that are made later as well', (t) => {
  const { log, lines } = open();
  const early = partLog(log, 'early');
  setLogLevel(log, 'debug');
  for (const each of [log, early, partLog(log, 'late')]) each.debug('heard');
  t.equal(lines.length, 3);
  setLogLevel(log, 'error');
  for (const each of [log, early, partLog(log, 'late')]) each.warn('not heard');
  t.equal(lines.length, 3);
  t.end();
});

test('a part is made once, and two logs do not share one', (t) => {
  const { log } = open();
  t.equal(partLog(log, 'link'), partLog(log, 'link'));
  t.not(partLog(log, 'link'), partLog(open().log, 'link'));
  t.end();
});

test('a part keeps secrets as its log does', (t) => {
  const { log, lines } = open();
  partLog(log, 'link').info({ credential: 'cak_x', nested: { token: 'y' } }, 'secrets');
  t.match(lines, [{ credential: '[Redacted]', nested: { token: '[Redacted]' } }]);
  t.end();
});
