/** Lives of a service in one process of Windows: what `npm run soak -- --windows` does fifty times, twenty times. */
import { test } from 'tap';
import { windowsUnavailable } from '../helpers/windows.ts';
import { soakOnWindows } from '../soak/windows.ts';

const skip = windowsUnavailable() ?? false;
const LIMIT_MS = 300_000;

void test('twenty crashes and twenty stops leave nothing behind', { skip, timeout: LIMIT_MS }, async (t) => {
  const say = (line: string): void => {
    t.comment(line);
  };
  t.ok(await soakOnWindows({ cycles: 20, seed: 1, token: 'soak', say }), 'nothing grows');
});
