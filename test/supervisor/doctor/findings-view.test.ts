import { examine } from '@guruconnect/supervisor/doctor/examine';
import type { Finding } from '@guruconnect/supervisor/doctor/check';
import { findingsExitCode, findingsJson, renderFindings } from '@guruconnect/supervisor/doctor/findings-view';
import { test } from 'tap';
import { WELL } from './cases.ts';

const FINDINGS: readonly Finding[] = [
  { name: 'registered', verdict: { kind: 'ok', what: 'there' } },
  { name: 'tls', verdict: { kind: 'failed', what: 'not\u001b[2Jtrusted', why: 'CN=a\nb', todo: 'look' } },
  { name: 'pins', verdict: { kind: 'skipped', why: 'because tls failed', because: 'tls' } },
  { name: 'event-log', verdict: { kind: 'skipped', why: 'because tls failed', because: 'tls' } },
];

test('a person reads a line for each check, and what to do about it', (t) => {
  t.equal(
    renderFindings(FINDINGS, false),
    `
GuruConnect agent: doctor

  ok       registered     there
  failed   tls            not\\u001b[2Jtrusted
                          why: CN=a\\u000ab
                          do: look
  skipped  pins           because tls failed
                          and so: event log

  1 ok, 1 failed, 2 skipped

`,
  );
  t.match(renderFindings(FINDINGS, true), /\u001b\[31mfailed/);
  t.end();
});

test('a program reads the same, with nothing left out', (t) => {
  const json = findingsJson(FINDINGS);
  t.match(json, { counts: { ok: 1, warning: 0, failed: 1, skipped: 2 }, exitCode: 7 });
  t.same(json.checks[2], {
    ...{ name: 'pins', result: 'skipped', what: null },
    ...{ why: 'because tls failed', todo: null, because: 'tls' },
  });
  t.end();
});

test('warnings and what was skipped are no failure', (t) => {
  const all = examine(WELL);
  t.equal(findingsExitCode(all), 0);
  t.equal(findingsExitCode([...all, { name: 'disk', verdict: { kind: 'warning', what: '', todo: '' } }]), 0);
  t.end();
});
