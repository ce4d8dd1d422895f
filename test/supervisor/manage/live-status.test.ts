import { LINK_STATES } from '@guruconnect/shared/pipe-protocol';
import { INITIAL_STATUS, updateStatus } from '@guruconnect/supervisor/console-status';
import { parseReading, toLiveStatus } from '@guruconnect/supervisor/live-status';
import fc from 'fast-check';
import { test } from 'tap';

const FACTS = { mode: 'service', pid: 4711, startedAt: '2026-01-01T00:00:00.000Z' } as const;
const BEAT = { kind: 'beat', link: 'online', relay: 'wss://r', roundTripMs: 3 } as const;
const ONLINE = updateStatus(updateStatus(INITIAL_STATUS, { kind: 'spawned', pid: 4712 }), {
  kind: 'beat',
  beat: BEAT,
});

test('what is served is read as it was', (t) => {
  const live = toLiveStatus(FACTS, ONLINE);
  const reading = parseReading(`1500\n${JSON.stringify(live)}`);
  t.equal(reading?.ageMs, 1500);
  t.match(reading?.live, {
    ...FACTS,
    workerPid: 4712,
    link: { state: 'online', relay: 'wss://r', roundTripMs: 3 },
  });
  t.end();
});

test('before the worker there is no worker and no link', (t) => {
  const reading = parseReading(`0\n${JSON.stringify(toLiveStatus(FACTS, INITIAL_STATUS))}`);
  t.equal(reading?.live.workerPid, undefined);
  t.equal(reading?.live.link, undefined);
  t.equal(reading?.live.service, 'starting');
  t.end();
});

const GOOD = toLiveStatus(FACTS, ONLINE);

test('every state of a supervisor and of its link is read, in a console as well', (t) => {
  const served = (live: object) => parseReading(`0\n${JSON.stringify({ ...GOOD, ...live })}`)?.live;
  for (const service of ['starting', 'running', 'stopping', 'stopped'])
    t.match(served({ service, mode: 'console' }), { service, mode: 'console' });
  for (const state of LINK_STATES) {
    const link = { state, relay: 'wss://r', roundTripMs: 3, trouble: 'x' };
    t.same(served({ link })?.link, link);
  }
  t.end();
});

const WRONG: Readonly<Record<string, string>> = {
  nothing: '',
  'no age': JSON.stringify(GOOD),
  'an age of letters': `x\n${JSON.stringify(GOOD)}`,
  'no JSON': '0\n{',
  'another version': `0\n${JSON.stringify({ ...GOOD, version: 2 })}`,
  'no pid': `0\n${JSON.stringify({ ...GOOD, pid: undefined })}`,
  'an unknown mode': `0\n${JSON.stringify({ ...GOOD, mode: 'x' })}`,
  'an unknown state': `0\n${JSON.stringify({ ...GOOD, service: 'x' })}`,
  'an unknown link': `0\n${JSON.stringify({ ...GOOD, link: { state: 'x', relay: 'r' } })}`,
  'a link without a relay': `0\n${JSON.stringify({ ...GOOD, link: { state: 'online' } })}`,
  'no product': `0\n${JSON.stringify({ ...GOOD, product: undefined })}`,
  'no start': `0\n${JSON.stringify({ ...GOOD, startedAt: 1 })}`,
  'a worker of letters': `0\n${JSON.stringify({ ...GOOD, workerPid: 'x' })}`,
  'a round trip of letters': `0\n${JSON.stringify({ ...GOOD, link: { ...GOOD.link, roundTripMs: '3' } })}`,
  'a trouble that is no text': `0\n${JSON.stringify({ ...GOOD, link: { ...GOOD.link, trouble: 1 } })}`,
  'a link that is none': `0\n${JSON.stringify({ ...GOOD, link: null })}`,
  'null in it': '0\nnull',
  'a note that is no text': `0\n${JSON.stringify({ ...GOOD, note: {} })}`,
};
for (const [what, text] of Object.entries(WRONG)) {
  test(`a reading with ${what} is none`, (t) => {
    t.equal(parseReading(text), undefined);
    t.end();
  });
}

test('whatever answers, reading it never throws', (t) => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((json) => `1\n${json}`),
      ),
      (text) => {
        parseReading(text);
      },
    ),
  );
  t.end();
});
