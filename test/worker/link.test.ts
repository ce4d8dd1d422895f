import type { Step } from '@guruconnect/shared/machine-runner';
import {
  type LinkEffect,
  type LinkEvent,
  type LinkMachineState,
  startLink,
  stepLink,
} from '@guruconnect/worker/link';
import { test } from 'tap';

const retry = { attempt: 2, refusals: 1, slots: 0, windowMs: 0 };

const STATES = {
  enrolling: { kind: 'enrolling', retry },
  connecting: { kind: 'connecting', retry },
  online: { kind: 'online', retry },
  'waiting to enroll': { kind: 'waiting', retry, next: 'enroll', wait: { kind: 'backoff', attempt: 2 } },
  'waiting to connect': { kind: 'waiting', retry, next: 'connect', wait: { kind: 'backoff', attempt: 2 } },
  'waiting for a slot': {
    kind: 'waiting',
    retry,
    next: 'connect',
    wait: { kind: 'slot', slot: { ms: 9, spreadMs: 0 } },
  },
  closing: { kind: 'closing' },
  done: { kind: 'done' },
} as const satisfies Record<string, LinkMachineState>;

const EVENTS = {
  enrolled: { kind: 'enrolled' },
  'enroll-failed, credential': { kind: 'enroll-failed', loss: { kind: 'session' }, next: 'connect' },
  'enroll-failed, none': { kind: 'enroll-failed', loss: { kind: 'session' }, next: 'enroll' },
  'enroll-refused': { kind: 'enroll-refused', next: 'connect' },
  opened: { kind: 'opened', windowMs: 50 },
  'rejected, token': { kind: 'rejected', next: 'enroll' },
  'rejected, no token': { kind: 'rejected', next: 'connect' },
  closed: { kind: 'closed', loss: { kind: 'session' } },
  timeout: { kind: 'timeout' },
  'timeout, credential': { kind: 'timeout', next: 'connect' },
  woken: { kind: 'woken' },
  'renewed, token': { kind: 'renewed', canEnroll: true },
  'renewed, no token': { kind: 'renewed', canEnroll: false },
  'stop stop': { kind: 'stop', reason: 'stop' },
  'stop shutdown': { kind: 'stop', reason: 'shutdown' },
  'stop supervisor-gone': { kind: 'stop', reason: 'supervisor-gone' },
  'stop reconfigured': { kind: 'stop', reason: 'reconfigured' },
} as const satisfies Record<string, LinkEvent>;

type Row = Readonly<Partial<Record<keyof typeof EVENTS, string>>>;

const stops = (cell: string): Row => ({
  'stop stop': cell,
  'stop shutdown': cell,
  'stop supervisor-gone': cell,
  'stop reconfigured': cell,
});

/** The next state and its effects for every state and event. Where nothing is said, it stays and does nothing. */
const TABLE: Readonly<Record<keyof typeof STATES, Row>> = {
  enrolling: {
    enrolled: 'connecting 2/1: connect, timer connect',
    'enroll-failed, credential': 'waiting 3/1 to connect: wait backoff 3',
    'enroll-failed, none': 'waiting 3/1 to enroll: wait backoff 3',
    'enroll-refused': 'waiting 3/2 to connect: wait refused 2',
    timeout: 'waiting 3/1 to enroll: abort-enroll, wait backoff 3',
    'timeout, credential': 'waiting 3/1 to connect: abort-enroll, wait backoff 3',
    ...stops('done: abort-enroll, timer-off'),
  },
  connecting: {
    opened: 'online 2/0 50: timer stable',
    'rejected, token': 'waiting 3/2 to enroll: wait refused 2',
    'rejected, no token': 'waiting 3/2 to connect: wait refused 2',
    closed: 'waiting 3/1 to connect: wait backoff 3',
    timeout: 'waiting 3/1 to connect: drop, wait backoff 3',
    'timeout, credential': 'waiting 3/1 to connect: drop, wait backoff 3',
    woken: 'connecting 2/1: drop, connect, timer connect',
    'renewed, token': 'connecting 2/1: drop, connect, timer connect',
    'renewed, no token': 'connecting 2/1: drop, connect, timer connect',
    ...stops('done: drop, timer-off'),
  },
  online: {
    closed: 'waiting 3/1 to connect: wait backoff 3',
    timeout: 'online 0/1',
    'timeout, credential': 'online 0/1',
    woken: 'online 2/1: probe',
    'stop stop': 'closing: close stop, timer close-stop',
    'stop shutdown': 'closing: close shutdown, timer close-shutdown',
    'stop supervisor-gone': 'closing: close supervisor-gone, timer close-stop',
    'stop reconfigured': 'closing: close reconfigured, timer close-stop',
  },
  'waiting to enroll': {
    timeout: 'enrolling 2/1: enroll, timer enroll',
    'timeout, credential': 'enrolling 2/1: enroll, timer enroll',
    woken: 'enrolling 2/1: enroll, timer enroll',
    'renewed, token': 'enrolling 2/1: enroll, timer enroll',
    'renewed, no token': 'enrolling 2/1: enroll, timer enroll',
    ...stops('done: timer-off'),
  },
  'waiting to connect': {
    timeout: 'connecting 2/1: connect, timer connect',
    'timeout, credential': 'connecting 2/1: connect, timer connect',
    woken: 'connecting 2/1: connect, timer connect',
    'renewed, token': 'enrolling 2/1: enroll, timer enroll',
    'renewed, no token': 'connecting 2/1: connect, timer connect',
    ...stops('done: timer-off'),
  },
  'waiting for a slot': {
    timeout: 'connecting 2/1: connect, timer connect',
    'timeout, credential': 'connecting 2/1: connect, timer connect',
    ...stops('done: timer-off'),
  },
  closing: {
    closed: 'done: timer-off',
    timeout: 'done: drop, timer-off',
    'timeout, credential': 'done: drop, timer-off',
  },
  done: {},
};

type LinkStep = Step<LinkMachineState, LinkEffect>;

const showRetry = ({ attempt, refusals, windowMs }: typeof retry): string =>
  `${attempt}/${refusals}${windowMs === 0 ? '' : ` ${windowMs}`}`;

const showState = (state: LinkMachineState): string => {
  switch (state.kind) {
    case 'closing':
    case 'done':
      return state.kind;
    case 'waiting':
      return `waiting ${showRetry(state.retry)} to ${state.next}`;
    case 'enrolling':
    case 'connecting':
    case 'online':
      return `${state.kind} ${showRetry(state.retry)}`;
  }
};

/** `timer stable`, `close shutdown`, `wait backoff 3`, `drop`. */
const showEffect = (effect: LinkEffect): string =>
  Object.values(effect)
    .flatMap((value: unknown) =>
      typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : [value],
    )
    .join(' ');

const showStep = ({ state, effects }: LinkStep): string =>
  [showState(state), effects.map(showEffect).join(', ')].filter((part) => part !== '').join(': ');

const showCell = (from: LinkMachineState, step: LinkStep): string =>
  showState(step.state) === showState(from) && step.effects.length === 0 ? '-' : showStep(step);

for (const [name, state] of Object.entries(STATES)) {
  test(`the link that is ${name} answers every event as the table says`, (t) => {
    const row = TABLE[name as keyof typeof STATES];
    for (const [on, event] of Object.entries(EVENTS)) {
      const expected = row[on as keyof typeof EVENTS] ?? '-';
      t.equal(showCell(state, stepLink(state, event)), expected, `${on}: ${expected}`);
    }
    t.end();
  });
}

test('a machine with a credential starts by connecting, one without by enrolling', (t) => {
  t.equal(showStep(startLink('connect')), 'connecting 0/0: connect, timer connect');
  t.equal(showStep(startLink('enroll')), 'enrolling 0/0: enroll, timer enroll');
  t.end();
});

test('after boot it waits first, not to come with all the others', (t) => {
  t.equal(showStep(startLink('connect', true)), 'waiting 0/0 to connect: wait boot');
  t.equal(showStep(startLink('enroll', true)), 'waiting 0/0 to enroll: wait boot');
  t.end();
});
