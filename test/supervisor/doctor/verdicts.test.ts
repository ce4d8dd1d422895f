/** Every check: a machine that is well passes it, and each way to fail it is seen, with what there is to do. */
import { CHECK_NAMES } from '@guruconnect/supervisor/doctor/check';
import { examine } from '@guruconnect/supervisor/doctor/examine';
import { test } from 'tap';
import { WELL, verdictOf } from './cases.ts';
import { NETWORK_CASES } from './network-cases.ts';
import { SERVICE_CASES } from './service-cases.ts';

const CASES = { ...SERVICE_CASES, ...NETWORK_CASES };

for (const [situation, [check, changes, kind, words]] of Object.entries(CASES)) {
  test(`${situation}: ${check} is ${kind}`, (t) => {
    const verdict = verdictOf(check, changes);
    t.equal(verdict.kind, kind);
    t.match(Object.values(verdict).filter(Boolean).join('\n'), words);
    t.end();
  });
}

test('a machine that is well passes every check', (t) => {
  for (const { name, verdict } of examine(WELL))
    t.equal(verdict.kind, 'ok', `${name}: ${JSON.stringify(verdict)}`);
  t.match(verdictOf('link'), { what: 'online for 1 min 05 s, round trip 3.1 ms' });
  t.end();
});

test('every check has been seen to complain', (t) => {
  const complaining = Object.values(CASES)
    .filter(([, , kind]) => kind === 'failed' || kind === 'warning')
    .map(([name]) => name);
  t.same(
    CHECK_NAMES.filter((name) => !complaining.includes(name)),
    [],
  );
  t.end();
});
