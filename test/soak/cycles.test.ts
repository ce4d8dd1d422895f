/** Lives of a service in one process, one after the other: what `npm run soak` does a thousand times, sixty times. */
import { test } from 'tap';
import { fixture, startProgram } from '../helpers/program.ts';

const skip = process.platform === 'win32' && 'POSIX only; test/windows/cycles has its counterpart';
const LIMIT_MS = 240_000;

const run = (...args: readonly string[]) =>
  // The option of node's own is where the script would be.
  startProgram('--expose-gc', [fixture('../soak/main'), ...args], { limitMs: LIMIT_MS }).ended;

test('sixty crashes and sixty stops leave nothing behind', { skip, timeout: LIMIT_MS }, async (t) => {
  const { code, stdout, stderr } = await run('--cycles', '60');
  for (const line of `${stdout}${stderr}`.trimEnd().split('\n')) t.comment(line);
  t.equal(code, 0, 'nothing grows');
});

test('a file that each life leaves open is found', { skip, timeout: LIMIT_MS }, async (t) => {
  const { code, stdout } = await run('--cycles', '8', '--leak');
  t.equal(code, 1);
  t.match(stdout, /^handles .* 1\.000 .*GROWS$/m);
});
