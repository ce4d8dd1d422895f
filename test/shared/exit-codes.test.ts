import { EXIT } from '@guruconnect/shared/exit-codes';
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
    notElevated: 77,
    localFault: 78,
    interrupted: 130,
  });
  t.end();
});
