/** Every cell of the decision's table. */
import type { Found } from '@guruconnect/store/credential-store';
import { planCredential } from '@guruconnect/store/resolve';
import { test } from 'tap';
import { STORED } from './stored.ts';

const RELAY = STORED.relay;
const PATH = '/data/credential.json';
const OTHER = { ...STORED, relay: 'wss://other.example' };
const NONE: Found = { kind: 'none' };
const DAMAGED: Found = { kind: 'damaged', why: 'not valid JSON' };
const found = (stored: typeof STORED): Found => ({ kind: 'stored', stored, isOutdated: false });

const use = (clone: boolean) => ({ kind: 'use', stored: STORED, clone });
const enrol = (reason: string, former?: unknown) => ({
  kind: 'enrol',
  reason,
  ...(former !== undefined && { former }),
});
const fault = (code: string, message: RegExp) => ({
  kind: 'fault',
  fault: { name: 'AgentFault', code, message },
});

const NOTHING = fault('no-credential', /^no credential is stored, and there is no enrolment token/);
const FOREIGN = fault(
  'no-credential',
  /^the stored credential is for wss:\/\/other\.example, and there is no/,
);
const BROKEN = fault('credential-damaged', /^\/data\/credential\.json: not valid JSON; it is left as it is/);

const table = [
  ['nothing', NONE, 'unknown', enrol('first'), NOTHING],
  ['a damaged file', DAMAGED, 'unknown', enrol('damaged'), BROKEN],
  ["this relay's", found(STORED), 'same', use(false), use(false)],
  ["this relay's", found(STORED), 'unknown', use(false), use(false)],
  ["this relay's", found(STORED), 'cloned', enrol('cloned', STORED), use(true)],
  ["another relay's", found(OTHER), 'same', enrol('other-relay', OTHER), FOREIGN],
  ["another relay's", found(OTHER), 'unknown', enrol('other-relay', OTHER), FOREIGN],
  ["another relay's", found(OTHER), 'cloned', enrol('cloned', OTHER), FOREIGN],
] as const;

for (const [what, content, verdict, withToken, without] of table) {
  for (const hasToken of [true, false]) {
    test(`${what}, ${verdict}, ${hasToken ? 'with' : 'without'} a token`, (t) => {
      const plan = planCredential({ found: content, verdict, relay: RELAY, hasToken, path: PATH });
      t.match(plan, hasToken ? withToken : without);
      t.notMatch(plan.kind === 'fault' ? plan.fault.message : '', /cak_/);
      t.end();
    });
  }
}
