import { CLOSE } from '@guruconnect/shared/relay-protocol';
import { lossOfClose, lossOfError, lossOfStatus } from '@guruconnect/worker/loss';
import { test } from 'tap';

const NOW = Date.parse('2026-01-02T03:04:05Z');

const statuses: Record<string, [number, string | undefined, object]> = {
  'busy, with a slot': [503, '30', { kind: 'relay', slot: { ms: 30_000, spreadMs: 1000 } }],
  'too many requests, with a date': [
    429,
    'Fri, 02 Jan 2026 03:04:15 GMT',
    { kind: 'relay', slot: { ms: 10_000, spreadMs: 1000 } },
  ],
  'busy, without a word': [503, undefined, { kind: 'relay' }],
  'busy, with nonsense': [503, 'soon', { kind: 'relay' }],
  'a bad gateway has no slots to give': [502, '30', { kind: 'relay' }],
  'an inner error': [500, undefined, { kind: 'relay' }],
  'not found': [404, '30', { kind: 'session' }],
  'a redirect': [307, undefined, { kind: 'session' }],
};
for (const [situation, [status, header, loss]] of Object.entries(statuses)) {
  test(`a status that says: ${situation}`, (t) => {
    t.strictSame(lossOfStatus(status, header, undefined, NOW), loss);
    t.end();
  });
}

test('a date is compared with the clock of whoever wrote it, not with one that is hours wrong', (t) => {
  const [date, later] = ['Fri, 02 Jan 2026 01:00:00 GMT', 'Fri, 02 Jan 2026 01:00:10 GMT'];
  t.strictSame(lossOfStatus(503, later, date, NOW), { kind: 'relay', slot: { ms: 10_000, spreadMs: 1000 } });
  t.match(
    lossOfStatus(503, later, 'yesterday', NOW),
    { slot: { ms: 0 } },
    'and with our own where there is none',
  );
  t.end();
});

const closes: Record<string, [number, string, object]> = {
  'a restart with a slot': [
    1012,
    'relay restart; retry-after=12.5',
    { kind: 'relay', slot: { ms: 12_500, spreadMs: 0 } },
  ],
  'a restart without one': [1012, 'relay restart', { kind: 'relay' }],
  'try again later, with a slot alone': [
    1013,
    'retry-after=3',
    { kind: 'relay', slot: { ms: 3000, spreadMs: 0 } },
  ],
  'going away with what is no slot there': [1001, 'retry-after=3', { kind: 'relay' }],
  'no frame at all': [1006, '', { kind: 'relay' }],
  'an inner error': [1011, '', { kind: 'relay' }],
  'heartbeat lost': [CLOSE.heartbeatLost.code, 'heartbeat lost', { kind: 'network' }],
  superseded: [CLOSE.superseded.code, 'superseded', { kind: 'session' }],
  revoked: [CLOSE.revoked.code, 'credential revoked', { kind: 'session' }],
  'a bad message': [1007, 'bad message', { kind: 'session' }],
  'a code of a later version': [4999, '', { kind: 'session' }],
};
for (const [situation, [code, reason, loss]] of Object.entries(closes)) {
  test(`a close that says: ${situation}`, (t) => {
    t.strictSame(lossOfClose(code, reason), loss);
    t.end();
  });
}

const errors: Record<string, string> = {
  ENETUNREACH: 'network',
  EHOSTUNREACH: 'network',
  ENOTFOUND: 'network',
  EAI_AGAIN: 'network',
  ECONNREFUSED: 'relay',
  ECONNRESET: 'relay',
  ETIMEDOUT: 'relay',
  CERT_HAS_EXPIRED: 'session',
};
for (const [code, kind] of Object.entries(errors)) {
  test(`an error with the code ${code} concerns the ${kind}`, (t) => {
    t.strictSame(lossOfError(Object.assign(new Error('x'), { code })), { kind });
    t.end();
  });
}

test('an error without a code concerns the session, and what is no error does not throw', (t) => {
  t.strictSame(lossOfError(new Error('x')), { kind: 'session' });
  t.strictSame(lossOfError('x'), { kind: 'session' });
  t.end();
});
