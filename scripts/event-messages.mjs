// `npm run events`: writes packages/native/cpp/event_messages.mc, which Windows' message compiler reads, and the table in
// docs/operations.md, from the supervisor's table of events.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MESSAGES = join(ROOT, 'packages', 'native', 'cpp', 'event_messages.mc');
const OPERATIONS = join(ROOT, 'docs', 'operations.md');

/** `Success` has the bits of no severity: the numbers of categories are plain ones. */
const SEVERITIES = { information: 'Informational', warning: 'Warning', error: 'Error' };

const HEAD = `;// Made by "npm run events" from packages/supervisor/src/event-log/events.ts. Ids and texts are changed there.
MessageIdTypedef=DWORD
SeverityNames=(
  Success=0x0
  Informational=0x1
  Warning=0x2
  Error=0x3
)
FacilityNames=(
  Application=0x0
)
LanguageNames=(
  English=0x409:MSG00409
)
`;

const message = (id, severity, name, text) => `
MessageId=${id}
Severity=${severity}
Facility=Application
SymbolicName=${name}
Language=English
${text}
.
`;

const symbol = (name) => name.toUpperCase().replaceAll('-', '_');

/** What FormatMessage would read in another way, and what the message compiler would. */
function check(name, text) {
  const unfit = [/[^ -~]/, /%/, /\}!/, /^[.;]/].find((pattern) => pattern.test(text));
  if (unfit !== undefined) throw new Error(`${name}: its text has ${unfit}: ${text}`);
}

/** The source of the message table. Needs the built packages. */
export async function messageSource() {
  const { CATEGORIES, EVENTS } = await import('../packages/supervisor/dist/event-log/events.js');
  const { messageText } = await import('../packages/supervisor/dist/event-log/event-record.js');
  const categories = Object.entries(CATEGORIES).map(([name, id]) =>
    message(id, 'Success', `CATEGORY_${symbol(name)}`, name),
  );
  const events = Object.entries(EVENTS).map(([name, event]) => {
    check(name, event.text);
    return message(event.id, SEVERITIES[event.severity], `EVENT_${symbol(name)}`, messageText(event));
  });
  return [HEAD, ...categories, ...events].join('');
}

/** The rows of docs/operations.md. */
export async function eventRows() {
  const { EVENTS } = await import('../packages/supervisor/dist/event-log/events.js');
  return Object.entries(EVENTS)
    .map(
      ([name, { id, severity, category, text }]) =>
        `| ${id} | ${severity} | ${category} | \`${name}\` | ${text.replaceAll(/\{(\w+)\}/g, '_$1_')} |`,
    )
    .join('\n');
}

export const EVENT_ROWS = /(<!-- events -->\n\|[^\n]*\n\|[^\n]*\n)([^]*?)(\n<!-- end -->)/;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(MESSAGES, await messageSource());
  const [operations, rows] = [readFileSync(OPERATIONS, 'utf8'), await eventRows()];
  writeFileSync(
    OPERATIONS,
    operations.replace(EVENT_ROWS, (_all, head, _rows, end) => `${head}${rows}${end}`),
  );
  process.stdout.write(`${MESSAGES}\n${OPERATIONS}\n`);
}
