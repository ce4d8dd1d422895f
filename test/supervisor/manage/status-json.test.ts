import type { StatusFacts } from '@guruconnect/supervisor/manage/status-facts';
import { statusJson } from '@guruconnect/supervisor/manage/status-json';
import { test } from 'tap';
import { FACTS, NOBODY, SERVICE, STARTED, STOPPED, answer } from './status-cases.ts';

/** As a program reads it. */
const read = (facts: Partial<StatusFacts>): unknown =>
  JSON.parse(JSON.stringify(statusJson({ ...FACTS, ...facts })));

const UNKNOWN = { kind: 'unknown-level' } as const;

const CASES: Readonly<Record<string, readonly [Partial<StatusFacts>, object]>> = {
  'a service that runs has no last exit, and a supervisor that was heard of lately': [
    { live: answer({}, 1500) },
    {
      service: { lastExit: null, startedAt: STARTED },
      supervisorAgeMs: 1500,
      trouble: null,
      configuration: 'valid',
    },
  ],
  'a service that has stopped says how, and has no start': [
    { service: STOPPED, live: NOBODY },
    {
      service: { lastExit: /1066/, startedAt: null },
      supervisor: null,
      supervisorAgeMs: null,
      trouble: null,
    },
  ],
  'what answers and is not the service’s is a trouble, and no supervisor': [
    { live: answer({ pid: 666 }) },
    { supervisor: null, trouble: /process 666/ },
  ],
  'what cannot be read is null': [
    { service: { ...SERVICE, delayedStart: UNKNOWN, failureActions: UNKNOWN, failureFlag: UNKNOWN } },
    { service: { delayedStart: null, recovery: { actions: null, flag: null } } },
  ],
  'why the service is unknown is said': [
    { service: { kind: 'unknown', why: 'error 1722' }, live: NOBODY },
    { service: { presence: 'unknown', why: 'error 1722' } },
  ],
  'what is wrong with the configuration is said, and there is no relay': [
    { relay: { trouble: 'not a URL' } },
    { relay: null, configuration: 'not a URL' },
  ],
};
for (const [what, [facts, json]] of Object.entries(CASES)) {
  test(`JSON: ${what}`, (t) => {
    t.match(read(facts), json);
    t.end();
  });
}

test('JSON: only what is unknown has a reason', (t) => {
  t.same(read({ service: { kind: 'absent' }, live: NOBODY }), {
    service: { presence: 'absent' },
    supervisor: null,
    supervisorAgeMs: null,
    trouble: null,
    relay: 'wss://relay.example',
    configuration: 'valid',
    credential: 'present',
    lastWords: null,
    data: 'C:\\data',
    exitCode: 4,
  });
  t.end();
});
