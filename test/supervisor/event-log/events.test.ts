/** The table of events: what is made from it, and what must never change. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CATEGORY_COUNT,
  insertionNames,
  messageText,
  wholeId,
} from '@guruconnect/supervisor/event-log/event-record';
import { CATEGORIES, EVENTS, type EventType } from '@guruconnect/supervisor/event-log/events';
import { MAX_INSERTION } from '@guruconnect/supervisor/event-log/insertion';
import { test } from 'tap';
import { eventScript } from '../../helpers/event-script.ts';
import { ROOT } from '../../helpers/program.ts';

const EACH = Object.entries<EventType>(EVENTS);

/** Somebody has a filter or an alarm on each of them. A new event is added here; a number is never given again. */
const IDS = {
  ...{ 'service-started': 1000, 'service-stopped': 1001, 'stood-down': 1002, enrolled: 1003, online: 1004 },
  ...{ 'online-again': 1005, 'recovery-configured': 1006 },
  ...{ offline: 2000, 'credential-rejected': 2001, 'enrolment-rejected': 2002, 'recovery-drifted': 2003 },
  ...{ 'stopped-by-force': 2004, 'supervisor-hung': 2005, stranger: 2006 },
  ...{ 'worker-died': 3000, 'supervisor-failed': 3001, 'recovery-not-set': 3002 },
};

test('every event has the number that it has always had', (t) => {
  t.same(Object.fromEntries(EACH.map(([name, { id }]) => [name, id])), IDS);
  t.end();
});

test('an event’s level is seen from its number', (t) => {
  const RANGES = { information: 1, warning: 2, error: 3 };
  for (const [name, { id, severity }] of EACH) t.equal(Math.floor(id / 1000), RANGES[severity], name);
  t.equal(new Set(EACH.map(([, { id }]) => id)).size, EACH.length, 'and none is another’s');
  t.same(
    [EVENTS.online, EVENTS.offline, EVENTS['worker-died']].map(wholeId),
    [0x400003ec, 0x800007d0, 0xc0000bb8],
    'as Windows counts them: severity in the two highest bits',
  );
  t.end();
});

test('categories are numbered from 1 without a gap, and an event is of one of them', (t) => {
  t.same(
    Object.values(CATEGORIES),
    Array.from({ length: CATEGORY_COUNT }, (_, i) => i + 1),
  );
  t.end();
});

test('a text has its insertion strings in order, and the last says what was left out', (t) => {
  for (const [name, event] of EACH) {
    const numbers = [...messageText(event).matchAll(/%(\d)/g)].map(([, number]) => Number(number));
    const count = insertionNames(event.text).length + 1;
    t.same(
      numbers,
      Array.from({ length: count }, (_, i) => i + 1),
      name,
    );
    // The record of an event has about 60 KiB, and two bytes for a character.
    t.ok(2 * count * MAX_INSERTION < 30_000, 'and its record has room for all of them');
  }
  t.end();
});

test('the message file is that of the table: else run "npm run events"', async (t) => {
  const { messageSource } = await eventScript();
  const file = join(ROOT, 'packages', 'native', 'cpp', 'event_messages.mc');
  t.equal(readFileSync(file, 'utf8'), await messageSource());
});

test('docs/operations.md shows the table: else run "npm run events"', async (t) => {
  const { EVENT_ROWS, eventRows } = await eventScript();
  const operations = readFileSync(join(ROOT, 'docs', 'operations.md'), 'utf8');
  t.equal(EVENT_ROWS.exec(operations)?.[2], await eventRows());
});
