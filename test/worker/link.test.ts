import type { Step } from '@guruconnect/shared/machine-runner';
import {
  type LinkEffect,
  type LinkEvent,
  type LinkMachineState,
  startLink,
  stepLink,
} from '@guruconnect/worker/link';
import { test } from 'tap';

const STATES = {
  'enrolling 2': { kind: 'enrolling', attempt: 2 },
  'connecting 2': { kind: 'connecting', attempt: 2 },
  'online 2': { kind: 'online', attempt: 2 },
  'waiting 2 to enroll': { kind: 'waiting', attempt: 2, next: 'enroll' },
  'waiting 2 to connect': { kind: 'waiting', attempt: 2, next: 'connect' },
  closing: { kind: 'closing' },
  'done stopped': { kind: 'done', outcome: 'stopped' },
  'done failed': { kind: 'done', outcome: 'failed' },
} as const satisfies Record<string, LinkMachineState>;

const EVENTS = {
  enrolled: { kind: 'enrolled' },
  'enroll-failed': { kind: 'enroll-failed' },
  'store-failed': { kind: 'store-failed' },
  opened: { kind: 'opened' },
  'rejected, token': { kind: 'rejected', canEnroll: true },
  'rejected, no token': { kind: 'rejected', canEnroll: false },
  closed: { kind: 'closed' },
  timeout: { kind: 'timeout' },
  'stop stop': { kind: 'stop', reason: 'stop' },
  'stop shutdown': { kind: 'stop', reason: 'shutdown' },
  'stop supervisor-gone': { kind: 'stop', reason: 'supervisor-gone' },
} as const satisfies Record<string, LinkEvent>;

type Row = Readonly<Record<keyof typeof EVENTS, string>>;

/** Every cell where nothing happens. */
const nothing: Row = {
  enrolled: '-',
  'enroll-failed': '-',
  'store-failed': '-',
  opened: '-',
  'rejected, token': '-',
  'rejected, no token': '-',
  closed: '-',
  timeout: '-',
  'stop stop': '-',
  'stop shutdown': '-',
  'stop supervisor-gone': '-',
};

/** The next state and its effects for every state and event; `-` where the state stays and nothing is done. */
const TABLE: Readonly<Record<keyof typeof STATES, Row>> = {
  'enrolling 2': {
    enrolled: 'connecting 2: connect, timer connect',
    'enroll-failed': 'waiting 3 to enroll: backoff 3',
    'store-failed': 'done failed: timer-off',
    opened: '-',
    'rejected, token': '-',
    'rejected, no token': '-',
    closed: '-',
    timeout: 'waiting 3 to enroll: abort-enroll, backoff 3',
    'stop stop': 'done stopped: abort-enroll, timer-off',
    'stop shutdown': 'done stopped: abort-enroll, timer-off',
    'stop supervisor-gone': 'done stopped: abort-enroll, timer-off',
  },
  'connecting 2': {
    enrolled: '-',
    'enroll-failed': '-',
    'store-failed': '-',
    opened: 'online 2: timer stable',
    'rejected, token': 'waiting 3 to enroll: backoff 3',
    'rejected, no token': 'waiting 3 to connect: backoff 3',
    closed: 'waiting 3 to connect: backoff 3',
    timeout: 'waiting 3 to connect: drop, backoff 3',
    'stop stop': 'done stopped: drop, timer-off',
    'stop shutdown': 'done stopped: drop, timer-off',
    'stop supervisor-gone': 'done stopped: drop, timer-off',
  },
  'online 2': {
    enrolled: '-',
    'enroll-failed': '-',
    'store-failed': '-',
    opened: '-',
    'rejected, token': '-',
    'rejected, no token': '-',
    closed: 'waiting 3 to connect: backoff 3',
    timeout: 'online 0',
    'stop stop': 'closing: close stop, timer close-stop',
    'stop shutdown': 'closing: close shutdown, timer close-shutdown',
    'stop supervisor-gone': 'closing: close supervisor-gone, timer close-stop',
  },
  'waiting 2 to enroll': {
    ...nothing,
    timeout: 'enrolling 2: enroll, timer enroll',
    'stop stop': 'done stopped: timer-off',
    'stop shutdown': 'done stopped: timer-off',
    'stop supervisor-gone': 'done stopped: timer-off',
  },
  'waiting 2 to connect': {
    ...nothing,
    timeout: 'connecting 2: connect, timer connect',
    'stop stop': 'done stopped: timer-off',
    'stop shutdown': 'done stopped: timer-off',
    'stop supervisor-gone': 'done stopped: timer-off',
  },
  closing: {
    ...nothing,
    closed: 'done stopped: timer-off',
    timeout: 'done stopped: drop, timer-off',
  },
  'done stopped': nothing,
  'done failed': nothing,
};

type LinkStep = Step<LinkMachineState, LinkEffect>;

const showState = (state: LinkMachineState): string => {
  switch (state.kind) {
    case 'closing':
      return state.kind;
    case 'done':
      return `done ${state.outcome}`;
    case 'waiting':
      return `waiting ${state.attempt} to ${state.next}`;
    case 'enrolling':
    case 'connecting':
    case 'online':
      return `${state.kind} ${state.attempt}`;
  }
};

/** `timer stable`, `close shutdown`, `backoff 3`, `drop`. */
const showEffect = (effect: LinkEffect): string => Object.values(effect).join(' ');

const showStep = ({ state, effects }: LinkStep): string =>
  [showState(state), effects.map(showEffect).join(', ')].filter((part) => part !== '').join(': ');

const showCell = (from: LinkMachineState, step: LinkStep): string =>
  showState(step.state) === showState(from) && step.effects.length === 0 ? '-' : showStep(step);

for (const [name, state] of Object.entries(STATES)) {
  test(`the link that is ${name} answers every event as the table says`, (t) => {
    const row = TABLE[name as keyof typeof STATES];
    for (const [on, event] of Object.entries(EVENTS)) {
      const expected = row[on as keyof typeof EVENTS];
      t.comment(`| ${name} | ${on} | ${expected} |`);
      t.equal(showCell(state, stepLink(state, event)), expected, on);
    }
    t.end();
  });
}

test('a machine with a credential starts by connecting, one without by enrolling', (t) => {
  t.equal(showStep(startLink('connect')), 'connecting 0: connect, timer connect');
  t.equal(showStep(startLink('enroll')), 'enrolling 0: enroll, timer enroll');
  t.end();
});
