import { EXIT, EXIT_MEANINGS, exitCodesOf } from '@guruconnect/shared/exit-codes';
import { test } from 'tap';

test('the exit codes that scripts rely on do not move', (t) => {
  t.strictSame(EXIT, {
    ok: 0,
    failed: 1,
    usage: 2,
    stopped: 3,
    absent: 4,
    pending: 5,
    offline: 6,
    unhealthy: 7,
    notElevated: 77,
    localFault: 78,
    interrupted: 130,
  });
  t.end();
});

test('every exit code means something, and to a command of its own words those', (t) => {
  t.same([...new Set(EXIT_MEANINGS.map(({ code }) => code))], Object.values(EXIT));
  t.same(
    exitCodesOf('start').map(({ code }) => code),
    [0, 1, 2, 4, 77],
  );
  t.same(
    exitCodesOf('doctor').map(({ code }) => code),
    [0, 1, 2, 7, 77],
    'its repair and its drill need an administrator',
  );
  t.equal(exitCodesOf('status')[0]?.meaning, 'running and online');
  t.equal(exitCodesOf('stop')[0]?.meaning, 'done as asked');
  t.end();
});
