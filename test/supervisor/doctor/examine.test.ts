/** What fails first is what is told: the checks that need it are skipped, and say because of what. */
import type { CheckName } from '@guruconnect/supervisor/doctor/check';
import { CHECK_NAMES } from '@guruconnect/supervisor/doctor/check';
import { examine } from '@guruconnect/supervisor/doctor/examine';
import type { DoctorFacts } from '@guruconnect/supervisor/doctor/facts';
import { findingsExitCode } from '@guruconnect/supervisor/doctor/findings-view';
import { test } from 'tap';
import { NOBODY } from '../manage/status-cases.ts';
import { BAD_CONFIG, REACHED, WAY, WELL, fail, known, withStatus } from './cases.ts';

const skippedBecause = (changes: Partial<DoctorFacts>, name: CheckName): readonly CheckName[] =>
  examine({ ...WELL, ...changes }).flatMap(({ name: check, verdict }) =>
    verdict.kind === 'skipped' && verdict.because === name ? [check] : [],
  );

test('the checks come in their order, each once', (t) => {
  t.same(
    examine(WELL).map(({ name }) => name),
    CHECK_NAMES,
  );
  t.end();
});

test('a name that is not resolved is the one failure of the way', (t) => {
  const changes = { probe: known([WAY, REACHED, fail('ENOTFOUND', 'ENOTFOUND')]) };
  t.same(skippedBecause(changes, 'dns'), ['clock', 'tcp', 'proxy', 'tls', 'pins', 'relay']);
  t.end();
});

test('a bad configuration is the one failure of all that needs it', (t) => {
  t.same(skippedBecause({ inspection: BAD_CONFIG }, 'configuration'), [
    ...['credential', 'clock', 'dns', 'tcp', 'proxy', 'tls', 'pins', 'relay'],
  ]);
  t.end();
});

test('where no service is installed, nothing of it is looked at', (t) => {
  const changes = withStatus({ service: { kind: 'absent' }, live: NOBODY });
  t.same(skippedBecause(changes, 'registered'), [
    ...['image-path', 'program', 'start-type', 'recovery', 'failure-flag', 'account', 'running'],
    ...['link', 'event-log'],
  ]);
  t.end();
});

test('what an administrator answers for is a warning, and no failure', (t) => {
  const facts = { ...WELL, weakness: known({ path: 'C:\\x', who: 'Users' }) };
  t.equal(findingsExitCode(examine(facts)), 7);
  t.equal(findingsExitCode(examine(facts, ['program'])), 0);
  t.match(examine(facts, ['program'])[2], { name: 'program', verdict: { kind: 'warning' } });
  t.end();
});
