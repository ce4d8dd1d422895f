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

const LINK_STATES: Readonly<Record<string, LinkMachineState>> = {
  'enrolling(n)': { kind: 'enrolling', attempt: 5 },
  'connecting(n)': { kind: 'connecting', attempt: 5 },
  'online(n)': { kind: 'online', attempt: 5 },
  'waiting(n, connect)': { kind: 'waiting', attempt: 5, next: 'connect' },
  'waiting(n, enroll)': { kind: 'waiting', attempt: 5, next: 'enroll' },
  closing: { kind: 'closing' },
  done: { kind: 'done', outcome: 'stopped' },
};

const LINK_EVENTS: Readonly<Record<string, LinkEvent>> = {
  enrolled: { kind: 'enrolled' },
  'enroll-failed': { kind: 'enroll-failed' },
  'store-failed': { kind: 'store-failed' },
  opened: { kind: 'opened' },
  'rejected, has a token': { kind: 'rejected', canEnroll: true },
  'rejected, has none': { kind: 'rejected', canEnroll: false },
  closed: { kind: 'closed' },
  timeout: { kind: 'timeout' },
  'stop (stop)': { kind: 'stop', reason: 'stop' },
  'stop (shutdown)': { kind: 'stop', reason: 'shutdown' },
};

const N: Readonly<Record<number, string>> = { 0: '0', 5: 'n', 6: 'n+1' };
const showAttempt = (attempt: number): string => N[attempt] ?? String(attempt);

const showLinkState = (state: LinkMachineState): string => {
  switch (state.kind) {
    case 'closing':
      return 'closing';
    case 'done':
      return `done(${state.outcome})`;
    case 'waiting':
      return `waiting(${showAttempt(state.attempt)}, ${state.next})`;
    case 'enrolling':
    case 'connecting':
    case 'online':
      return `${state.kind}(${showAttempt(state.attempt)})`;
  }
};

const showLinkEffect = (effect: LinkEffect): string => {
  switch (effect.kind) {
    case 'timer':
      return `timer ${effect.wait}`;
    case 'backoff':
      return `backoff ${showAttempt(effect.attempt)}`;
    case 'close':
      return `close (${effect.reason})`;
    case 'enroll':
    case 'abort-enroll':
    case 'connect':
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
