import { createLog } from '@guruconnect/shared/log';
import { LOG_LEVELS, toLogLevel } from '@guruconnect/shared/log-levels';
import { test } from 'tap';

test('the levels, the quietest first', (t) => {
  t.same(LOG_LEVELS, ['error', 'warn', 'info', 'debug']);
  t.end();
});

test('a level is itself', (t) => {
  for (const level of LOG_LEVELS) t.equal(toLogLevel(level), level);
  t.end();
});

for (const text of [undefined, '', 'loud', 'INFO', ' info', 'trace', 'silent', 'constructor']) {
  test(`${text === undefined ? 'nothing' : JSON.stringify(text)} is no level: info`, (t) => {
    t.equal(toLogLevel(text), 'info');
    t.end();
  });
}

test('every level writes what is above it, and nothing below', (t) => {
  for (const [quietest, level] of LOG_LEVELS.entries()) {
    const lines: string[] = [];
    const log = createLog('test', level, { write: (line) => lines.push(line) });
    for (const each of LOG_LEVELS) log[each](each);
    const written = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
    t.same(written, LOG_LEVELS.slice(0, quietest + 1));
  }
  t.end();
});
