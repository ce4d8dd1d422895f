import type { StatusFacts } from '@guruconnect/supervisor/manage/status-facts';
import { statusJson } from '@guruconnect/supervisor/manage/status-json';
import { statusReport } from '@guruconnect/supervisor/manage/status-report';
import { statusExitCode } from '@guruconnect/supervisor/manage/status-verdict';
import { test } from 'tap';
import { CASES, FACTS, NOBODY, NOW, PID, STARTED } from './status-cases.ts';

const show = (facts: StatusFacts): string =>
  statusReport(facts, NOW)
    .map(([label, value]) => `${label}: ${value}`)
    .join('\n');

test('a service that runs and is online: all of it on one screen', (t) => {
  t.equal(
    show(FACTS),
    [
      'service: running, pid 4711, up 3 h 04 min',
      'start type: automatic',
      'recovery: restart after 5 s, 5 s, 5 s, 30 s, 2 min, 10 min; counted anew after 24 h',
      'worker: pid 4712',
      'link: online at wss://relay.example',
      'round trip: 3.1 ms',
      'relay: wss://relay.example',
      'credential: present',
      'data: C:\\data',
    ].join('\n'),
  );
  t.equal(statusExitCode(FACTS), 0);
  t.end();
});

for (const [what, [facts, shown, hidden, code]] of Object.entries(CASES)) {
  test(`status: ${what}`, (t) => {
    const all = { ...FACTS, ...facts };
    t.match(show(all), shown);
    if (hidden !== undefined) t.notMatch(show(all), hidden);
    t.equal(statusExitCode(all), code);
    t.equal((statusJson(all) as { exitCode: number }).exitCode, code, 'JSON says the same');
    t.end();
  });
}

test('last words that the relay has not heard yet are shown, and how long ago they were', (t) => {
  const at = new Date(NOW - 300_000).toISOString();
  const words = { reason: 'hung', at, line: 'the last line' };
  t.match(show({ ...FACTS, lastWords: words }), /^last words: hung, 5 min 00 s ago: the last line$/m);
  t.match(show({ ...FACTS, lastWords: { reason: 'hung', at: 'never' } }), /^last words: hung, 0 s ago$/m);
  t.match(statusJson({ ...FACTS, lastWords: words }), { lastWords: words });
  t.end();
});

test('JSON tells a program what the screen tells a person', (t) => {
  t.match(JSON.parse(JSON.stringify(statusJson(FACTS))), {
    service: {
      presence: 'installed',
      state: 'running',
      pid: PID,
      startedAt: STARTED,
      startType: 'auto',
      account: 'LocalSystem',
      recovery: { flag: true, actions: { resetPeriodS: 86_400 } },
    },
    supervisor: { workerPid: 4712, link: { state: 'online', roundTripMs: 3.14 } },
    trouble: null,
    relay: 'wss://relay.example',
    credential: 'present',
    exitCode: 0,
  });
  t.match(JSON.parse(JSON.stringify(statusJson({ ...FACTS, service: { kind: 'absent' }, live: NOBODY }))), {
    service: { presence: 'absent' },
    supervisor: null,
    exitCode: 4,
  });
  t.end();
});
