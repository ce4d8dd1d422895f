/**
 * What the service writes to Windows' Event Log, as one table: the message file, the documentation and the code come from it.
 * Numbers are for good: an event that is not written any more leaves its number unused. Pure.
 * @see https://learn.microsoft.com/windows/win32/eventlog/event-identifiers
 */

/** By which the range of an event's number is known: 1000 on, 2000 on, 3000 on. */
export type Severity = 'information' | 'warning' | 'error';

/** The task category that Event Viewer shows. Numbers from 1 without a gap, as Windows wants them; the text is the name. */
export const CATEGORIES = { Service: 1, Worker: 2, Link: 3, Recovery: 4 } as const;
export type Category = keyof typeof CATEGORIES;

export interface EventType {
  /** What Event Viewer and Get-WinEvent show as the event's id. */
  readonly id: number;
  readonly severity: Severity;
  readonly category: Category;
  /** ASCII. `{name}` is what the event is told with, in the order of the insertion strings %1, %2, … */
  readonly text: string;
}

export const EVENTS = {
  'service-started': {
    id: 1000,
    severity: 'information',
    category: 'Service',
    text: 'The agent {version} has started: {how}.',
  },
  'service-stopped': {
    id: 1001,
    severity: 'information',
    category: 'Service',
    text: 'The agent has stopped, as it was asked to: {control}.',
  },
  'stood-down': {
    id: 1002,
    severity: 'information',
    category: 'Service',
    text: 'Recovery has started the agent, and it has not stayed: a stop was asked for since the failure.',
  },
  enrolled: {
    id: 1003,
    severity: 'information',
    category: 'Link',
    text: 'This computer has enrolled at the relay {relay}.',
  },
  online: {
    id: 1004,
    severity: 'information',
    category: 'Link',
    text: 'The agent is online at the relay {relay}.',
  },
  'online-again': {
    id: 1005,
    severity: 'information',
    category: 'Link',
    text: 'The agent is online at the relay {relay}, after it had been offline for {time}.',
  },
  'recovery-configured': {
    id: 1006,
    severity: 'information',
    category: 'Recovery',
    text: "The service's recovery was configured: {settings}.",
  },
  offline: {
    id: 2000,
    severity: 'warning',
    category: 'Link',
    text: 'The agent has been offline for {time} and goes on trying. Relay: {relay}. Reason: {reason}',
  },
  'credential-rejected': {
    id: 2001,
    severity: 'warning',
    category: 'Link',
    text: 'The relay {relay} has refused the credential of this computer: {reason}',
  },
  'enrolment-rejected': {
    id: 2002,
    severity: 'warning',
    category: 'Link',
    text: 'The relay {relay} has refused to enrol this computer: {reason}',
  },
  'recovery-drifted': {
    id: 2003,
    severity: 'warning',
    category: 'Recovery',
    text: "The service's recovery was not as installed, and is again: {setting}.",
  },
  'stopped-by-force': {
    id: 2004,
    severity: 'warning',
    category: 'Service',
    text: 'The agent has stopped, as it was asked to ({control}), but its worker did not end in time and was ended by force.',
  },
  'supervisor-hung': {
    id: 2005,
    severity: 'warning',
    category: 'Service',
    text: 'The former supervisor did not answer a stop and was ended with its worker, at {time}.',
  },
  stranger: {
    id: 2006,
    severity: 'warning',
    category: 'Worker',
    text: 'Somebody who is not the worker came to its pipe, and was turned away.',
  },
  'worker-died': {
    id: 3000,
    severity: 'error',
    category: 'Worker',
    text: "The worker has ended, and nobody had asked it to: {reason} ({exit}, after {time}). The service's recovery is to start it again.",
  },
  'supervisor-failed': {
    id: 3001,
    severity: 'error',
    category: 'Service',
    text: 'The supervisor has failed: {reason}',
  },
  'recovery-not-set': {
    id: 3002,
    severity: 'error',
    category: 'Recovery',
    text: "The service's recovery could not be set: {setting}: {reason}",
  },
} as const satisfies Readonly<Record<string, EventType>>;

export type EventName = keyof typeof EVENTS;

type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** An event that has come to pass, with a text for every name in its type's. */
export type AgentEvent = {
  readonly [Name in EventName]: {
    readonly kind: Name;
  } & Readonly<Record<NamesIn<(typeof EVENTS)[Name]['text']>, string>>;
}[EventName];
