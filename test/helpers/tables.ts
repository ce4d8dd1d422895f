/** Both machines' tables as Markdown, computed from the machines themselves: docs/architecture.md must show the same. */
import { type LinkEffect, type LinkEvent, type LinkMachineState, stepLink } from '@guruconnect/worker/link';
import {
  FAILED,
  OK,
  type ServiceEvent,
  type ServiceState,
  stepService,
} from '@guruconnect/supervisor/machine';
import { showCell } from './cells.ts';

/** Rows are events and columns are states: the cells are sentences, and there are fewer states than events. */
const toMarkdown = (
  corner: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line([corner, ...columns]), line(['---', ...columns.map(() => '---')]), ...rows.map(line)].join(
    '\n',
  );
};

const SERVICE_STATES: Readonly<Record<string, ServiceState>> = {
  starting: { kind: 'starting' },
  running: { kind: 'running' },
  'stopping(e)': { kind: 'stopping', exit: FAILED, killed: false },
  'stopping(e), killed': { kind: 'stopping', exit: FAILED, killed: true },
  'stopped(e)': { kind: 'stopped', exit: OK },
};

export const SERVICE_EVENTS: Readonly<Record<string, ServiceEvent>> = {
  'worker-ready': { kind: 'worker-ready' },
  'control stop': { kind: 'control', control: 'stop' },
  'control shutdown': { kind: 'control', control: 'shutdown' },
  'pipe-lost': { kind: 'pipe-lost' },
  'worker-hung': { kind: 'worker-hung' },
  'worker-exited': { kind: 'worker-exited' },
  timeout: { kind: 'timeout' },
};

export const serviceTable = (): string =>
  toMarkdown(
    'event',
    Object.keys(SERVICE_STATES),
    Object.entries(SERVICE_EVENTS).map(([name, event]) => [
      name,
      ...Object.entries(SERVICE_STATES).map(([column, state]) => {
        const cell = showCell(state, stepService(state, event));
        return column.includes('(e)') ? cell.replaceAll('FAILED', 'e') : cell;
      }),
    ]),
  );

/** Of a machine that has been refused before. */
const RETRY = { attempt: 5, refusals: 1, slots: 0, windowMs: 0 };
const WAIT = { kind: 'backoff', attempt: 5 } as const;

const LINK_STATES: Readonly<Record<string, LinkMachineState>> = {
  enrolling: { kind: 'enrolling', retry: RETRY },
  connecting: { kind: 'connecting', retry: RETRY },
  online: { kind: 'online', retry: RETRY },
  'waiting(connect)': { kind: 'waiting', retry: RETRY, next: 'connect', wait: WAIT },
  'waiting(enroll)': { kind: 'waiting', retry: RETRY, next: 'enroll', wait: WAIT },
  closing: { kind: 'closing' },
  done: { kind: 'done' },
};

const LINK_EVENTS: Readonly<Record<string, LinkEvent>> = {
  enrolled: { kind: 'enrolled' },
  'enroll-failed, has a credential': { kind: 'enroll-failed', loss: { kind: 'session' }, next: 'connect' },
  'enroll-failed, has none': { kind: 'enroll-failed', loss: { kind: 'session' }, next: 'enroll' },
  'enroll-refused': { kind: 'enroll-refused', next: 'connect' },
  opened: { kind: 'opened', windowMs: 0 },
  'rejected, has a token': { kind: 'rejected', next: 'enroll' },
  'rejected, has none': { kind: 'rejected', next: 'connect' },
  closed: { kind: 'closed', loss: { kind: 'session' } },
  timeout: { kind: 'timeout' },
  woken: { kind: 'woken' },
  'renewed, has a token': { kind: 'renewed', canEnroll: true },
  'renewed, has none': { kind: 'renewed', canEnroll: false },
  'stop (stop)': { kind: 'stop', reason: 'stop' },
  'stop (shutdown)': { kind: 'stop', reason: 'shutdown' },
};

const showLinkState = (state: LinkMachineState): string => {
  switch (state.kind) {
    case 'closing':
      return 'closing';
    case 'done':
      return 'done';
    case 'waiting':
      return `waiting(${state.next})`;
    case 'enrolling':
    case 'connecting':
    case 'online':
      return state.retry.attempt === 0 ? `${state.kind}, tries 0` : state.kind;
  }
};

const showLinkEffect = (effect: LinkEffect): string => {
  switch (effect.kind) {
    case 'timer':
      return `timer ${effect.bound}`;
    case 'wait':
      return 'wait';
    case 'close':
      return `close (${effect.reason})`;
    case 'enroll':
    case 'abort-enroll':
    case 'connect':
    case 'probe':
    case 'drop':
    case 'timer-off':
      return effect.kind;
  }
};

const showLinkCell = (from: LinkMachineState, event: LinkEvent): string => {
  const { state, effects } = stepLink(from, event);
  if (state === from && effects.length === 0) return '-';
  return [showLinkState(state), effects.map(showLinkEffect).join(', ')]
    .filter((part) => part !== '')
    .join(': ');
};

export const linkTable = (): string =>
  toMarkdown(
    'event',
    Object.keys(LINK_STATES),
    Object.entries(LINK_EVENTS).map(([name, event]) => [
      name,
      ...Object.values(LINK_STATES).map((state) => showLinkCell(state, event)),
    ]),
  );
