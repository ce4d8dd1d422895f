/** What of a status is good, busy or bad. */
import type { StatusFacts } from '@guruconnect/supervisor/manage/status-facts';
import { type Tone, statusReport } from '@guruconnect/supervisor/manage/status-report';
import { silence } from '@guruconnect/supervisor/manage/status-verdict';
import { test } from 'tap';
import { CONSOLE, FACTS, NOBODY, NOW, SERVICE, STOPPED, answer, service } from './status-cases.ts';

const tonesOf = (facts: Partial<StatusFacts>): Readonly<Record<string, Tone>> =>
  Object.fromEntries(statusReport({ ...FACTS, ...facts }, NOW).map(([label, , tone]) => [label, tone]));

const WAITING = answer({ link: { state: 'waiting', relay: 'wss://relay.example' }, note: 'it was killed' });
const STARTING = answer({ mode: 'console', service: 'starting' });

/** Facts, and the tones of the lines that they are about. */
const TONES: Readonly<Record<string, readonly [Partial<StatusFacts>, Readonly<Record<string, Tone>>]>> = {
  'all is well': [
    {},
    {
      ...{ service: 'good', 'start type': 'plain', recovery: 'plain', worker: 'plain', link: 'good' },
      ...{ 'round trip': 'plain', relay: 'plain', credential: 'plain', data: 'plain' },
    },
  ],
  starting: [{ service: service({ state: 'start-pending' }) }, { service: 'busy' }],
  crashed: [
    { service: STOPPED, live: NOBODY },
    { service: 'bad', 'last exit': 'bad' },
  ],
  'stopped as asked': [
    { service: service({ state: 'stopped', pid: 0 }), live: NOBODY },
    { service: 'bad', 'last exit': 'plain' },
  ],
  'stopped with an error': [
    { service: service({ state: 'stopped', pid: 0, win32ExitCode: 1 }), live: NOBODY },
    { 'last exit': 'bad' },
  ],
  disabled: [
    { service: { ...SERVICE, config: { ...SERVICE.config, startType: 'disabled' } } },
    { 'start type': 'bad' },
  ],
  'not online, with a note': [{ live: WAITING }, { link: 'busy', note: 'bad' }],
  'no service': [{ service: { kind: 'absent' }, live: NOBODY }, { service: 'bad' }],
  'no service, and none needed': [
    { service: { kind: 'absent' }, live: CONSOLE },
    { service: 'plain', console: 'good' },
  ],
  'a console that is starting': [{ service: { kind: 'no-scm' }, live: STARTING }, { console: 'busy' }],
  'a supervisor that does not answer': [{ live: { kind: 'silent' } }, { supervisor: 'bad' }],
  'no credential yet': [{ credential: 'absent' }, { credential: 'busy' }],
  'a credential that cannot be read': [{ credential: 'unreadable' }, { credential: 'busy' }],
  'a wrong configuration': [{ relay: { trouble: 'no' } }, { relay: 'bad' }],
};
for (const [what, [facts, tones]] of Object.entries(TONES)) {
  test(`tones: ${what}`, (t) => {
    t.match(tonesOf(facts), tones);
    t.end();
  });
}

test('a supervisor hangs that has not told its status for 30 s, and not before', (t) => {
  const aged = (ageMs: number) => silence({ ...FACTS, live: answer({}, ageMs) });
  t.equal(aged(30_000), undefined);
  t.match(aged(30_001), /hangs: not heard of for 30 s/);
  t.end();
});

test('one whose clock was set back has been up for no time, and not for less', (t) => {
  const [line] = statusReport({ ...FACTS, service: { ...SERVICE, startedAt: NOW + 60_000 } }, NOW);
  t.match(line?.[1], /up 0 s$/);
  t.end();
});
