/** What holds of the link whatever happens to it, beside the table in link.test.ts. */
import assert from 'node:assert/strict';
import {
  type LinkEffect,
  type LinkEvent,
  type LinkMachineState,
  startLink,
  stepLink,
} from '@guruconnect/worker/link';
import fc from 'fast-check';
import { test } from 'tap';

interface Moment {
  readonly from: LinkMachineState;
  /** Undefined for the start. */
  readonly event: LinkEvent | undefined;
  readonly to: LinkMachineState;
  readonly effects: readonly LinkEffect[];
}
type Story = readonly Moment[];

const live = (next: 'enroll' | 'connect', events: readonly LinkEvent[]): Story => {
  const { state, effects } = startLink(next);
  const story: Moment[] = [{ from: state, event: undefined, to: state, effects }];
  let from = state;
  for (const event of events) {
    const step = stepLink(from, event);
    story.push({ from, event, to: step.state, effects: step.effects });
    from = step.state;
  }
  return story;
};

const enrolled: LinkEvent = { kind: 'enrolled' };
const opened: LinkEvent = { kind: 'opened', windowMs: 0 };
const rejected: LinkEvent = { kind: 'rejected', next: 'enroll' };
const closed: LinkEvent = { kind: 'closed', loss: { kind: 'relay' } };
const woken: LinkEvent = { kind: 'woken' };
const timeout: LinkEvent = { kind: 'timeout' };
const stop: LinkEvent = { kind: 'stop', reason: 'stop' };

const anyStop = fc.constantFrom<LinkEvent>(
  stop,
  { kind: 'stop', reason: 'shutdown' },
  { kind: 'stop', reason: 'supervisor-gone' },
);
const anyOther = fc.constantFrom<LinkEvent>(
  enrolled,
  { kind: 'enroll-failed', loss: { kind: 'network' }, next: 'enroll' },
  { kind: 'enroll-failed', loss: { kind: 'relay' }, next: 'connect' },
  { kind: 'enroll-refused', next: 'enroll' },
  { kind: 'enroll-refused', next: 'connect' },
  opened,
  rejected,
  { kind: 'rejected', next: 'connect' },
  closed,
  { kind: 'closed', loss: { kind: 'relay', slot: { ms: 5000, spreadMs: 0 } } },
  { kind: 'closed', loss: { kind: 'network' } },
  timeout,
  woken,
  { kind: 'renewed', canEnroll: true },
  { kind: 'renewed', canEnroll: false },
);
// A stop is rare, so that most stories get somewhere.
const anyEvent = fc.oneof({ weight: 30, arbitrary: anyOther }, { weight: 1, arbitrary: anyStop });
const anyNext = fc.constantFrom('enroll' as const, 'connect' as const);
const anyStory = fc.tuple(anyNext, fc.array(anyEvent, { maxLength: 40, size: 'max' }));

const always = (property: (story: Story) => void): void => {
  fc.assert(
    fc.property(anyStory, ([next, events]) => {
      property(live(next, events));
    }),
    { numRuns: 3000 },
  );
};

const has = (effects: readonly LinkEffect[], ...kinds: LinkEffect['kind'][]): boolean =>
  effects.some(({ kind }) => kinds.includes(kind));
const attemptOf = (state: LinkMachineState): number | undefined =>
  'retry' in state ? state.retry.attempt : undefined;

test('random stories come by every state: the properties below are about something', (t) => {
  const seen = new Set<string>();
  always((story) => {
    for (const { to } of story) seen.add(to.kind);
  });
  const all = ['closing', 'connecting', 'done', 'enrolling', 'online', 'waiting'];
  t.same([...seen].sort(), all);
  t.end();
});

test('a stop ends it from any state, at once or with the next closed or timeout', (t) => {
  const anyLast = fc.constantFrom(closed, timeout);
  fc.assert(
    fc.property(anyStory, anyStop, anyLast, ([next, events], asked, last) => {
      const before = live(next, events).at(-1)?.to;
      const after = live(next, [...events, asked, last]).at(-1)?.to;
      assert.equal(after?.kind, 'done');
      if (before?.kind !== 'done') assert.deepEqual(after, { kind: 'done' });
    }),
    { numRuns: 3000 },
  );
  t.end();
});

test('after the end nothing is done and nothing changes', (t) => {
  always((story) => {
    for (const { from, event, to, effects } of story) {
      if (event === undefined || from.kind !== 'done') continue;
      assert.deepEqual(effects, []);
      assert.equal(to, from);
    }
  });
  t.end();
});

test('there are never two sessions: between two connects something has ended the first', (t) => {
  always((story) => {
    let open = false;
    for (const { event, effects } of story) {
      if (event?.kind === 'closed' || event?.kind === 'rejected' || event?.kind === 'timeout') open = false;
      if (effects[0]?.kind === 'drop') open = false;
      if (!has(effects, 'connect')) continue;
      assert.ok(!open);
      open = true;
    }
  });
  t.end();
});

test('there are never two enrolments: between two something has ended the first', (t) => {
  always((story) => {
    let asking = false;
    for (const { event, effects } of story) {
      if (event?.kind === 'enrolled' || event?.kind === 'enroll-failed') asking = false;
      if (event?.kind === 'enroll-refused') asking = false;
      if (has(effects, 'abort-enroll')) asking = false;
      if (!has(effects, 'enroll')) continue;
      assert.ok(!asking);
      asking = true;
    }
  });
  t.end();
});

test('it ends by a stop only: no relay, no network and no disk ends it', (t) => {
  always((story) => {
    const asked = story.some(({ event }) => event?.kind === 'stop');
    const last = story.at(-1)?.to;
    assert.ok(asked || last?.kind !== 'closing');
    assert.ok(asked || last?.kind !== 'done');
  });
  t.end();
});

test('some timer is always running, but in a stable session and after the end', (t) => {
  always((story) => {
    let armed = false;
    let stable = false;
    for (const { event, to, effects } of story) {
      if (event?.kind === 'timeout') armed = false;
      for (const { kind } of effects) {
        if (kind === 'timer' || kind === 'wait') armed = true;
        if (kind === 'timer-off') armed = false;
      }
      stable = to.kind === 'online' && (stable || event?.kind === 'timeout');
      assert.equal(armed, to.kind !== 'done' && !stable);
    }
  });
  t.end();
});

test('the attempt grows by one with each failure, and starts over in a stable session only', (t) => {
  always((story) => {
    for (const { from, event, to } of story) {
      const before = attemptOf(from);
      const after = attemptOf(to);
      if (before === undefined || after === undefined) continue;
      const failed = to.kind === 'waiting' && from.kind !== 'waiting';
      const proved = from.kind === 'online' && event?.kind === 'timeout';
      assert.equal(after, proved ? 0 : failed ? before + 1 : before);
    }
  });
  t.end();
});

test("a wait is the state's own, and its backoff for the attempt that the state counts", (t) => {
  always((story) => {
    for (const { to, effects } of story) {
      for (const effect of effects) {
        if (effect.kind !== 'wait') continue;
        assert.ok(to.kind === 'waiting' && to.wait === effect.wait);
        if (effect.wait.kind === 'backoff') assert.equal(effect.wait.attempt, to.retry.attempt);
      }
    }
  });
  t.end();
});

test('a stop while backing off ends it at once, with nothing to close', (t) => {
  const story = live('connect', [closed, stop]);
  t.same(
    story.map(({ to }) => to.kind),
    ['connecting', 'waiting', 'done'],
  );
  t.same(story.at(-1)?.effects, [{ kind: 'timer-off' }]);
  t.end();
});

test('a refused credential is followed by an enrolment where there is a token, and that by a connection', (t) => {
  const story = live('connect', [rejected, timeout, enrolled, opened]);
  t.same(
    story.map(({ to }) => to.kind),
    ['connecting', 'waiting', 'enrolling', 'connecting', 'online'],
  );
  t.end();
});
