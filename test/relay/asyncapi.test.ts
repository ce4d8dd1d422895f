/** docs/relay-protocol.asyncapi.json against the code and against AsyncAPI's own schema. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  AgentMessage,
  CLOSE,
  EnrollRequest,
  EnrollResponse,
  RelayMessage,
} from '@guruconnect/shared/relay-protocol';
import * as protocol from '@guruconnect/shared/relay-protocol';
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { test } from 'tap';
import * as v from 'valibot';
import type * as SchemasScript from '../../scripts/schemas.mjs';
import { ROOT } from '../helpers/program.ts';

type Reference = { readonly $ref: string };
type Messages = Readonly<Record<string, { readonly name: string; readonly payload: AnySchemaObject }>>;
interface Operation {
  readonly action: string;
  readonly messages: readonly Reference[];
  readonly reply: { readonly messages: readonly Reference[] };
}
interface Document {
  readonly info: { readonly description: string };
  readonly channels: Readonly<Record<'agent' | 'enrolment', { readonly messages: Messages }>> & {
    readonly agent: { readonly 'x-close-codes': readonly { code: number; reason: string; from: string }[] };
  };
  readonly operations: Readonly<Record<string, Operation>>;
}
const document = JSON.parse(
  readFileSync(join(ROOT, 'docs', 'relay-protocol.asyncapi.json'), 'utf8'),
) as Document;
const { agent, enrolment } = document.channels;

test('the AsyncAPI document is that of the code and the text: else run "npm run schemas"', async (t) => {
  const script = pathToFileURL(join(ROOT, 'scripts', 'schemas.mjs')).href;
  const { relayAsyncapiDocument } = (await import(script)) as typeof SchemasScript;
  t.same(document, await relayAsyncapiDocument());
});

/** AsyncAPI's schema says what a document looks like. */
const official = (): ValidateFunction => {
  const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json') as AnySchemaObject;
  // It brings the meta-schema of draft-07 along, which Ajv has as well.
  const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
  return ajv.compile(schema);
};

test('it is AsyncAPI 3.0 by the official schema', (t) => {
  const validate = official();
  t.ok(validate(document), JSON.stringify(validate.errors));
  t.notOk(validate({ ...document, operations: { x: { action: 'shout' } } }), 'which refuses what is none');
  t.end();
});

/** What a reference inside the document refers to. */
const resolve = ({ $ref }: Reference): unknown =>
  $ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);

test('every reference in it leads somewhere', (t) => {
  const found: Reference[] = [];
  JSON.stringify(document, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && '$ref' in value) found.push(value as Reference);
    return value;
  });
  t.ok(found.length > 20);
  for (const reference of found) t.ok(resolve(reference), reference.$ref);
  t.end();
});

test('each operation of the agent sends, or answers, what the schema has it send', (t) => {
  const kinds = (union: typeof AgentMessage | typeof RelayMessage) =>
    union.options.map(({ entries }) => entries.kind.literal as string);
  const sides = Object.values(document.operations).filter(
    ({ messages }) => !/enrol/.test(messages[0]?.$ref ?? ''),
  );
  const names = (references: readonly Reference[]) =>
    references.map((reference) => (resolve(reference) as { name: string }).name);
  const asked = sides.map(({ action, messages }) => [action, ...names(messages)]);
  const sent = sides.flatMap(({ action, messages, reply }) =>
    names(action === 'send' ? messages : reply.messages),
  );
  const received = sides.flatMap(({ action, messages, reply }) =>
    names(action === 'send' ? reply.messages : messages),
  );
  t.equal(asked.length, 4);
  t.same(sent.sort(), kinds(AgentMessage).sort());
  t.same(received.sort(), kinds(RelayMessage).sort());
  t.end();
});

test('its close codes are those of the code', (t) => {
  const written = agent['x-close-codes'].map(({ code, reason }) => ({ code, reason }));
  t.same(
    new Set(written.map((one) => JSON.stringify(one))),
    new Set(Object.values(CLOSE).map((one) => JSON.stringify(one))),
  );
  t.ok(agent['x-close-codes'].every(({ from }) => ['agent', 'relay', 'either'].includes(from)));
  t.end();
});

const ajv = new Ajv({ strict: true, formats: { uuid: true } });
// Lengths in UTF-16 code units, as the document says that it means them.
ajv.removeKeyword('maxLength').addKeyword({
  keyword: 'maxLength',
  type: 'string',
  schemaType: 'number',
  validate: (most: number, text: string) => text.length <= most,
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.integer({ min: 127, max: 260 }).map((n) => '\u{1F600}'.repeat(n)),
  fc.integer({ min: 254, max: 258 }).map((n) => 'x'.repeat(n)),
);
const number = fc.oneof(
  fc.constantFrom(
    ...[0, -1, 0.5, 999, 1000, 30_000, 30_001, 3_600_000, 3_600_001],
    ...[2 ** 53 - 1, 2 ** 53, -(2 ** 53)],
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const moment = fc.constantFrom(
  '2026-11-24T23:17:08Z',
  '2026-11-24 23:17:08.123456789+01:00',
  '2026-13-24T23:17:08Z',
  '2026-11-24T24:17:08Z',
  '2026-11-24',
  '2026-11-24T23:17:08',
);
const id = fc.oneof(
  fc.uuid(),
  fc.uuid().map((one) => one.toUpperCase()),
  fc.uuid().map((one) => one.replaceAll('-', '')),
  fc.uuid().map((one) => `${one}\n`),
);
const constants = fc.constantFrom('session-0-no-capture', 'first', 'refused', 'later', true, false, null);
const credential = fc.integer({ min: 30, max: 130 }).map((n) => `cak_${'-'.repeat(n)}`);
// No lists: to Valibot one is an object, so the code takes it for a `machine`, of which no field is required.
const anything = fc.jsonValue({ maxDepth: 1 }).filter((value) => !Array.isArray(value));

const LEAVES = { text, number, moment, id, credential };
type Leaf = keyof typeof LEAVES;
const OF_FIELD: Readonly<Record<string, Leaf>> = {
  machineId: 'id',
  formerMachineId: 'id',
  bootedAt: 'moment',
  at: 'moment',
  credential: 'credential',
};

const line = fc.oneof(text, fc.constantFrom('y'.repeat(1024), 'y'.repeat(1025)));
const itemOf = (items: AnySchemaObject) => (items['type'] === 'object' ? nearly(items) : line);
/** Values that are often right: by the schema's own outline, each field now and then missing, or of something else. */
const nearly = (schema: AnySchemaObject, field = ''): fc.Arbitrary<unknown> => {
  const right = ((): fc.Arbitrary<unknown> => {
    if (schema['const'] !== undefined) return fc.constant(schema['const']);
    const properties = schema['properties'] as Record<string, AnySchemaObject> | undefined;
    if (properties !== undefined) {
      const fields = Object.entries(properties).map(([name, inner]) => [name, nearly(inner, name)] as const);
      const requiredKeys = schema['required'] as string[];
      const whole = fc.record(Object.fromEntries(fields), { requiredKeys });
      return fc.oneof(
        { weight: 9, arbitrary: whole },
        { weight: 1, arbitrary: fc.record(Object.fromEntries(fields), { requiredKeys: [] }) },
      );
    }
    if (schema['type'] === 'array')
      return fc.oneof(
        fc.constant([]),
        fc.array(itemOf(schema['items'] as AnySchemaObject), { maxLength: 22 }),
      );
    if (schema['enum'] !== undefined) return fc.constantFrom(...(schema['enum'] as string[]), 'later');
    if (schema['type'] === 'boolean') return fc.boolean();
    const maximum = (schema['maximum'] as number | undefined) ?? 1e9;
    const inside = fc.integer({
      min: Math.max(0, (schema['minimum'] as number | undefined) ?? 0),
      max: Math.min(maximum, 1e9),
    });
    if (schema['type'] !== 'string')
      return fc.oneof({ weight: 12, arbitrary: inside }, { weight: 1, arbitrary: number });
    return OF_FIELD[field] === undefined
      ? fc.oneof({ weight: 12, arbitrary: fc.string({ maxLength: 20 }) }, { weight: 1, arbitrary: text })
      : LEAVES[OF_FIELD[field]];
  })();
  return fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: fc.oneof(constants, anything) });
};

const TOLD = [
  ...[...AgentMessage.options, ...RelayMessage.options].map((schema) => {
    const kind = schema.entries.kind.literal as string;
    return { name: kind, schema: schema, payload: agent.messages[kind]?.payload };
  }),
  { name: 'enrol', schema: EnrollRequest as v.GenericSchema, payload: enrolment.messages['enrol']?.payload },
  {
    name: 'enrolled',
    schema: EnrollResponse as v.GenericSchema,
    payload: enrolment.messages['enrolled']?.payload,
  },
];

for (const { name, schema, payload = {} } of TOLD) {
  test(`the document accepts and refuses a ${name} as the code does`, (t) => {
    const accepts = ajv.compile(payload);
    const verdicts = { yes: 0, no: 0 };
    fc.assert(
      fc.property(nearly(payload), (made) => {
        const value: unknown = JSON.parse(JSON.stringify(made));
        const verdict = v.is(schema, value);
        verdicts[verdict ? 'yes' : 'no'] += 1;
        return accepts(value) === verdict;
      }),
      { numRuns: 2000 },
    );
    t.ok(verdicts.yes > 20 && verdicts.no > 20, `both happened: ${JSON.stringify(verdicts)}`);
    t.end();
  });
}

test('what JSON Schema cannot say, the document says in words', (t) => {
  const accepts = new Ajv({ formats: { uuid: true } }).compile(agent.messages['welcome']?.payload ?? {});
  const welcome = { kind: 'welcome', sessionId: '\u{1F600}'.repeat(200), heartbeatMs: 1000 };
  t.ok(accepts(welcome), 'code points');
  t.notOk(v.is(RelayMessage, welcome), 'UTF-16 code units');
  t.match(document.info.description, 'maxLength counts UTF-16 code units');
  t.end();
});

test('every message of either channel was looked at', (t) => {
  const names = [...Object.keys(agent.messages), ...Object.keys(enrolment.messages)];
  t.same(names.filter((name) => name !== 'refused').sort(), TOLD.map(({ name }) => name).sort());
  t.equal(protocol.MAX_MESSAGE_BYTES, (agent as { 'x-max-message-bytes'?: number })['x-max-message-bytes']);
  t.end();
});
