/** An event as ReportEvent takes it. Pure. */
import { type AgentEvent, CATEGORIES, EVENTS, type EventType, type Severity } from './events.ts';
import { insertion } from './insertion.ts';

/** The arguments of ReportEvent. @see https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-reporteventw */
export interface EventRecord {
  /** EVENTLOG_*_TYPE. */
  readonly type: number;
  readonly category: number;
  /** The whole identifier, severity included. */
  readonly id: number;
  readonly strings: readonly string[];
}

/** EVENTLOG_INFORMATION_TYPE, EVENTLOG_WARNING_TYPE, EVENTLOG_ERROR_TYPE. */
const TYPES: Readonly<Record<Severity, number>> = { information: 4, warning: 2, error: 1 };

/** TypesSupported of a source that reports all three. */
export const TYPES_SUPPORTED = 7;
export const CATEGORY_COUNT = Object.keys(CATEGORIES).length;

/** The two highest bits of an identifier. @see https://learn.microsoft.com/windows/win32/eventlog/event-identifiers */
const SEVERITY_BITS: Readonly<Record<Severity, number>> = { information: 1, warning: 2, error: 3 };

export const wholeId = ({ id, severity }: Pick<EventType, 'id' | 'severity'>): number =>
  SEVERITY_BITS[severity] * 2 ** 30 + id;

const NAMES = /\{(\w+)\}/g;

/** The names in a text, in the order of their insertion strings. */
export const insertionNames = (text: string): readonly string[] =>
  [...text.matchAll(NAMES)].map(([, name = '']) => name);

/** The text as the message table has it. The last insertion string of every event says how many were left out, or is empty. */
export const messageText = ({ text }: Pick<EventType, 'text'>): string => {
  const names = insertionNames(text);
  return `${text.replace(NAMES, (_all, name: string) => `%${names.indexOf(name) + 1}`)} %${names.length + 1}`;
};

const remark = (leftOut: number): string =>
  leftOut === 0 ? '' : `(${leftOut} more of these came before, and were left out.)`;

/** @param leftOut events of this kind that have not been written since the last one. */
export const toRecord = (event: AgentEvent, leftOut: number): EventRecord => {
  const kind: EventType = EVENTS[event.kind];
  const values = event as Readonly<Record<string, string>>;
  return {
    type: TYPES[kind.severity],
    category: CATEGORIES[kind.category],
    id: wholeId(kind),
    strings: [...insertionNames(kind.text).map((name) => insertion(values[name] ?? '')), remark(leftOut)],
  };
};
