import { join, resolve } from 'node:path';
import { logPlaces } from '@guruconnect/supervisor/logs/log-files';
import { readEntry } from '@guruconnect/supervisor/logs/log-entry';
import { prettyView } from '@guruconnect/supervisor/logs/log-view';
import { parseLogsOptions } from '@guruconnect/supervisor/logs/logs-options';
import { parseSince } from '@guruconnect/supervisor/logs/since';
import { test } from 'tap';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const parse = (...args: readonly string[]) => parseLogsOptions(args, NOW);

test('what is shown where nothing is said, and how much', (t) => {
  t.match(parse(), { lines: 200, isFollowing: false, isJson: false });
  t.equal(parse().since, undefined);
  t.equal(parse('-f').lines, 10);
  t.equal(parse('--since', '1h').lines, undefined, 'all since then');
  t.equal(parse('--since', '1h', '-n', '5').lines, 5);
  t.equal(parse('-n', 'all').lines, undefined);
  t.equal(parse('-n0', '-f').lines, 0);
  t.end();
});

test('what nobody could have meant is refused', (t) => {
  for (const args of [
    ['-n', 'x'],
    ['-n', '-1'],
    ['-n', '1e3'],
    ['-n', ''],
    ['--level', 'loud'],
    ['--level', ''],
    ['--part', 'relay'],
    ['--since', 'yesterday'],
    ['--since', ''],
    ['--since', '10'],
    ['--since', '2026-13-40'],
    ['--bogus'],
    ['word'],
  ])
    t.throws(() => parse(...args), { name: 'UsageError' }, args.join(' '));
  t.end();
});

test('a time ago', (t) => {
  t.equal(parseSince('30s', NOW), NOW - 30_000);
  t.equal(parseSince('10m', NOW), NOW - 600_000);
  t.equal(parseSince('2h', NOW), NOW - 7_200_000);
  t.equal(parseSince('3d', NOW), NOW - 259_200_000);
  t.equal(parseSince('1w', NOW), NOW - 604_800_000);
  t.end();
});

test('a date is local, unless an offset says otherwise', (t) => {
  t.equal(parseSince('2026-11-26', NOW), new Date(2026, 10, 26).getTime());
  t.equal(parseSince('2026-11-26T10:00', NOW), new Date(2026, 10, 26, 10).getTime());
  t.equal(parseSince('2026-11-26 10:00:30', NOW), new Date(2026, 10, 26, 10, 0, 30).getTime());
  t.equal(parseSince('2026-11-26T10:00:00.000Z', NOW), Date.parse('2026-11-26T10:00:00Z'));
  t.equal(parseSince('2026-11-26T10:00+02:00', NOW), Date.parse('2026-11-26T08:00:00Z'));
  t.end();
});

test('the worker’s log is looked for where it is as LocalService as well', (t) => {
  const data = resolve('d');
  t.same(
    logPlaces(data, 'worker').map(({ path }) => path),
    [join(data, 'logs', 'worker.log'), join(data, 'logs', 'worker', 'worker.log')],
  );
  t.same(
    logPlaces(data, undefined).map(({ part }) => part),
    ['supervisor', 'worker', 'worker'],
  );
  t.end();
});

test('in colours too a line ends where it ends, and nothing of its own is one', (t) => {
  const entry = readEntry(
    '{"level":40,"time":"2026-11-26T12:00:00.000Z","name":"worker","a":1,"msg":"x\\u001b[31m"}',
    0,
  );
  const text = prettyView(true)(entry);
  t.match(text, /^[^\n]*\n$/);
  t.match(text, '\x1b[33mWARN\x1b[39m');
  t.notMatch(text, '\x1b[31m');
  t.notMatch(prettyView(false)(entry), '\x1b');
  t.end();
});
