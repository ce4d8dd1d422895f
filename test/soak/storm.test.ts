/** A storm of some seconds: what `npm run soak -- --minutes 30` does for half an hour. */
import { type Test, test } from 'tap';
import { fixture, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import type { StormReport } from './storm/summary.ts';

const skip = process.platform !== 'linux' && 'a storm looks at its agents by /proc';
const LIMIT_MS = 240_000;

const run = async (t: Test, ...args: readonly string[]) => {
  // What it keeps where it fails, as it has to here, goes with the test.
  const env = { TMPDIR: tempDir(t) };
  const storm = startProgram(fixture('../soak/main'), [...args, '--json'], { limitMs: LIMIT_MS, env });
  const { code, stdout, stderr } = await storm.ended;
  return { code, stderr, report: JSON.parse(stdout) as StormReport };
};

test('agents that are ended and flooded are back in time', { skip, timeout: LIMIT_MS }, async (t) => {
  // The seed has no long calm early on.
  const { code, stderr, report } = await run(
    t,
    '--minutes',
    '0.2',
    '--seed',
    '4',
    '--only',
    'crash,stop,flood',
  );
  for (const line of stderr.trimEnd().split('\n')) t.comment(line);
  t.equal(code, 0);
  t.same(report.faults, []);
  t.ok(report.steps > 1);
  t.ok(report.events.every(({ late, maxMs }) => late === 0 && maxMs > 0));
  t.ok(report.growth.some(({ figure }) => figure === 'lasting worker fds'));
});

test('a leak of the supervisor is found', { skip, timeout: LIMIT_MS }, async (t) => {
  const { code, report } = await run(t, '--minutes', '0.3', '--seed', '4', '--only', 'flood', '--leak');
  t.equal(code, 1);
  const growing = report.growth.filter(({ ok }) => !ok).map(({ figure }) => figure);
  t.same(growing, ['lasting supervisor fds']);
});
