import { EXIT } from '@guruconnect/shared/exit-codes';
import { test } from 'tap';

test('the exit codes that scripts rely on do not move', (t) => {
  t.strictSame(EXIT, { ok: 0, failed: 1, usage: 2, localFault: 78, interrupted: 130 });
  t.end();
});
