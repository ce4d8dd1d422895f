import { readFileSync } from 'node:fs';
import {
  AgentMessage,
  CLOSE,
  EnrollRequest,
  EnrollResponse,
  Episode,
  LastWords,
  MAX_BODY_BYTES,
  MAX_MESSAGE_BYTES,
  MachineFacts,
  parseAgentMessage,
  parseRelayMessage,
  RelayMessage,
} from '@guruconnect/shared/relay-protocol';
import fc from 'fast-check';
import t from 'tap';
import * as v from 'valibot';

const doc = readFileSync(new URL('../../../docs/relay-protocol.md', import.meta.url), 'utf8');

/** The text under a heading, up to the next of its level or above. */
const section = (heading: string): string => {
  const level = heading.indexOf(' ');
  const after = doc.split(`\n${heading}\n`)[1];
  if (after === undefined) throw new Error(`no heading ${heading}`);
  return after.split(new RegExp(`^#{1,${level}} `, 'm'))[0] ?? '';
};
/** The cells of a section's table rows, without its head. */
const rows = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const fieldsOf = (text: string): (string | undefined)[] =>
  rows(text).map(([field]) => field?.replaceAll('`', ''));

t.test('the close codes of the text are those of the code', (t) => {
  const written = rows(section('## Close codes')).map(([code, reason]) => `${code} ${reason}`);
  t.same(
    written.sort(),
    Object.values(CLOSE)
      .map(({ code, reason }) => `${code} ${reason}`)
      .sort(),
  );
  t.end();
});

for (const [heading, message] of [
  ['### From the agent', AgentMessage],
  ['### From the relay', RelayMessage],
] as const) {
  t.test(`the messages of the text ${heading.slice(4)} are those of the code`, (t) => {
    const written = [...section(heading).matchAll(/^#### `(.+)`$/gm)].map(([, kind]) => kind);
    t.same(written.sort(), message.options.map(({ entries }) => entries.kind.literal as string).sort());
    for (const { entries } of message.options) {
      t.same(fieldsOf(section(`#### \`${entries.kind.literal}\``)), Object.keys(entries));
    }
    t.end();
  });
}

t.test('the enrolment bodies of the text are those of the code', (t) => {
  const fields = fieldsOf(section('## Enrolment')).filter(
    (field) => !/^(field|status|\d.*)$/.test(field ?? ''),
  );
  t.same(fields, [...Object.keys(EnrollRequest.entries), ...Object.keys(EnrollResponse.entries)]);
  t.end();
});

t.test('the objects of the text are those of the code', (t) => {
  t.same(fieldsOf(section('### Machine')), Object.keys(MachineFacts.entries.machine.wrapped.entries));
  t.same(fieldsOf(section('### Last words')), Object.keys(LastWords.entries));
  t.same(fieldsOf(section('### Episode')), Object.keys(Episode.entries));
  t.end();
});

t.test('the limits of the text are those of the code', (t) => {
  const limits = new Map(rows(section('## Limits')).map(([name = '', value]) => [name, value]));
  t.equal(limits.get('message, both directions'), `${MAX_MESSAGE_BYTES} bytes of payload`);
  t.equal(limits.get('HTTP body, both directions'), `${MAX_BODY_BYTES} bytes`);
  t.end();
});

t.test('every message of the transcript is valid', (t) => {
  const lines = [...section('## Transcript').matchAll(/^([<>]) (\{"kind".*)$/gm)];
  t.equal(lines.length, 10);
  for (const [, from, text = ''] of lines) {
    const schema = from === '>' ? AgentMessage : RelayMessage;
    t.ok(v.is(schema, JSON.parse(text)), text);
  }
  t.end();
});

const KINDS = [...AgentMessage.options, ...RelayMessage.options].map(({ entries }) => entries.kind.literal);
const parsers = [
  ['agent', parseAgentMessage, AgentMessage],
  ['relay', parseRelayMessage, RelayMessage],
] as const;

/** Messages that are nearly right: a known kind and known fields, with any values. */
const nearly = fc.record(
  {
    kind: fc.constantFrom(...KINDS),
    machineId: fc.oneof(fc.uuid(), fc.string()),
    hostname: fc.oneof(fc.string({ maxLength: 300 }), fc.anything()),
    platform: fc.string(),
    agentVersion: fc.string(),
    seq: fc.oneof(fc.nat(), fc.double(), fc.anything()),
    id: fc.oneof(fc.nat(), fc.double()),
    uptimeMs: fc.nat(),
    reconnects: fc.nat(),
    roundTripMs: fc.oneof(fc.double(), fc.constant(null)),
    sessionId: fc.string(),
    heartbeatMs: fc.oneof(fc.integer(), fc.integer({ min: 1000, max: 30_000 })),
  },
  { requiredKeys: ['kind'] },
);

for (const [name, parse, schema] of parsers) {
  t.test(`any text from a ${name} parses to a message, unknown or malformed`, (t) => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.string({ unit: 'binary' }),
      nearly.map((m) => JSON.stringify(m)),
    );
    fc.assert(
      fc.property(text, (text) => {
        const parsed = parse(text);
        return ['unknown', 'malformed'].includes(parsed.kind) || v.is(schema, parsed);
      }),
    );
    t.pass();
    t.end();
  });

  t.test(`a kind that a ${name} of this version does not know is unknown, whatever else it has`, (t) => {
    const own = schema.options.map(({ entries }) => entries.kind.literal as string);
    const message = fc.tuple(
      fc.string().filter((kind) => !own.includes(kind)),
      fc.dictionary(fc.string(), fc.jsonValue()),
    );
    fc.assert(
      fc.property(message, ([kind, rest]) => parse(JSON.stringify({ ...rest, kind })).kind === 'unknown'),
      { examples: [[['__proto__', {}]], [['constructor', {}]], [['toString', {}]]] },
    );
    t.pass();
    t.end();
  });

  t.test(`JSON without a string kind from a ${name} is malformed`, (t) => {
    const value = fc
      .jsonValue()
      .filter((value) => typeof (value as { kind?: unknown } | null)?.kind !== 'string');
    fc.assert(fc.property(value, (value) => parse(JSON.stringify(value)).kind === 'malformed'));
    t.pass();
    t.end();
  });
}

t.test('what is valid comes through unchanged', (t) => {
  const count = fc.maxSafeNat();
  const status = fc.record(
    {
      kind: fc.constant('status'),
      id: count,
      uptimeMs: count,
      reconnects: count,
      roundTripMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
    },
    { requiredKeys: ['kind', 'id', 'uptimeMs', 'reconnects'] },
  );
  fc.assert(
    fc.property(status, (status) => {
      const text = JSON.stringify(status);
      t.equal(JSON.stringify(parseAgentMessage(text)), text);
    }),
    { numRuns: 50 },
  );
  t.end();
});

t.test('a reason never quotes the frame', (t) => {
  const secret = 'cak_this-is-a-secret-that-must-not-be-seen';
  for (const text of [secret, `{"${secret}":1}`, `{"kind":"hello","hostname":["${secret}"]}`]) {
    const parsed = parseAgentMessage(text);
    t.equal(parsed.kind, 'malformed');
    t.notMatch(JSON.stringify(parsed), secret);
  }
  t.end();
});
