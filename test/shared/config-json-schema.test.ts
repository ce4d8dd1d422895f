/** The exported JSON Schema against the code: the same verdict on every file, as far as JSON Schema has words for it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Problem, CONFIG_KEYS, checkConfig } from '@guruconnect/shared/config';
import { configSchemaText } from '@guruconnect/shared/config-json-schema';
import { ENVIRONMENT } from '@guruconnect/shared/environment';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { test } from 'tap';
import type * as SchemasScript from '../../scripts/schemas.mjs';
import { ROOT } from '../helpers/program.ts';

interface Exported {
  readonly description: string;
  readonly properties: Readonly<
    Record<string, { readonly description?: string; readonly default?: unknown }>
  >;
}
const exported = JSON.parse(configSchemaText()) as Exported;
// Its formats and keywords are the standard's: an unknown one is a mistake of ours, and thrown.
const accepts = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(exported);

/** What the code says of a file; that no relay is in it, another source could mend. */
const refusalOf = (content: Readonly<Record<string, unknown>>): Problem | undefined =>
  checkConfig({ flags: {}, env: {}, file: { path: 'f', content } }).find(
    ({ source }) => source.kind === 'file',
  );

/** The reasons that the schema's description lists as not to be said in JSON Schema. */
const BEYOND: Readonly<Record<string, string>> = {
  'not a URL': 'that a URL can be parsed',
  'ws:// is not encrypted and allowed to this machine only: use wss://': 'that a ws:// relay',
  'is not on this machine: a ws:// relay is reached through a proxy on this machine only':
    'and the proxy it is reached through',
  'has a user or a password that is not percent-encoded': "a proxy's user and password",
};
const isTextOfTwins = (pins: unknown, { reason }: Problem): boolean =>
  typeof pins === 'string' && /^is not two different pins|^has a pin twice/.test(reason);

test('the exported JSON Schema is that of the code: else run "npm run schemas"', async (t) => {
  const script = pathToFileURL(join(ROOT, 'scripts', 'schemas.mjs')).href;
  const { configJsonSchema } = (await import(script)) as typeof SchemasScript;
  t.same(exported, await configJsonSchema());
});

test('every key is in it, described, with its default', (t) => {
  t.same(Object.keys(exported.properties), ['$schema', ...CONFIG_KEYS]);
  t.ok(CONFIG_KEYS.every((key) => key in ENVIRONMENT));
  for (const [key, { description }] of Object.entries(exported.properties)) t.match(description, /\w/, key);
  t.equal(exported.properties['logLevel']?.default, 'info');
  t.equal(exported.properties['proxyFallback']?.default, 'none');
  t.equal(exported.properties['workerAccount']?.default, 'own');
  t.end();
});

test('it says which checks it has no words for', (t) => {
  for (const [reason, words] of Object.entries(BEYOND)) t.match(exported.description, words, reason);
  t.match(exported.description, 'pins written as one text');
  t.end();
});

const hosts = fc.constantFrom(
  'relay.example',
  'localhost',
  '127.0.0.1:80',
  '[::1]',
  'bücher.example',
  'h:0',
  'h:99999',
  '',
);
const urls = fc
  .tuple(
    fc.constantFrom(
      'wss://',
      'ws://',
      'WSS://',
      'http://',
      'https://',
      'HTTP://',
      'wss:',
      'ftp://',
      '',
      ' wss://',
    ),
    fc.constantFrom('', 'u@', 'u:p@', 'u:p%20q@', 'u:p%zz@', '@'),
    hosts,
    fc.constantFrom('', '/', '/a', '/a/b/', '?', '?q', '#', '#f', '/a b', '\n', '/@', '\\', '/a\\b'),
  )
  .map((parts) => parts.join(''));
const pinOf = (letter: string): string => `sha256/${letter.repeat(43)}=`;
const pin = fc.constantFrom('A', 'b', '+', '/', '_').map(pinOf);
const pinList = fc.array(fc.oneof(pin, pin, pin, fc.constantFrom('sha256/', 'x', 7, null)), { maxLength: 4 });
const pinText = fc
  .tuple(fc.array(pin, { maxLength: 4 }), fc.constantFrom(',', ' ', ', ', '\n', ';', '', ' ,, '))
  .map(([pins, between]) => pins.join(between));
const port = fc.oneof(
  fc.integer({ min: -1, max: 70_000 }),
  fc.integer({ min: -1, max: 120_000 }).map(String),
  fc.constantFrom(0, 65_535, 65_536, '65535', '65536', '080', ' 80', '80a', '0x50', 80.5, '80\n'),
);
const token = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ minLength: 500, maxLength: 520, unit: fc.constantFrom('x', '~') }),
);
const value = <T>(likely: fc.Arbitrary<T>) => fc.oneof({ weight: 8, arbitrary: likely }, fc.jsonValue());

const anyContent = fc.record(
  {
    $schema: fc.jsonValue(),
    relay: value(urls),
    enrollToken: value(token),
    logLevel: value(fc.constantFrom('error', 'warn', 'info', 'debug', 'INFO', 'trace', '')),
    ca: value(fc.constantFrom('ca.pem', '/pki/ca.pem', '')),
    proxy: value(fc.oneof({ weight: 4, arbitrary: urls }, fc.constantFrom('system', 'System', 'system '))),
    proxyFallback: value(fc.constantFrom('none', 'direct', 'always')),
    pins: value(fc.oneof(pinList, pinText)),
    metricsPort: value(port),
    workerAccount: value(fc.constantFrom('own', 'local-service', 'LocalService', '')),
  },
  { requiredKeys: [] },
);
/** Of many random keys one is nearly always wrong: some files are right, as a person's are. */
const fineContent = fc.record(
  {
    relay: fc.constantFrom('wss://relay.example', 'ws://127.0.0.1:80', 'wss://relay.example:444/prefix'),
    logLevel: fc.constantFrom('error', 'debug'),
    proxy: fc.constantFrom('http://127.0.0.1:3128', 'https://u:p@localhost', 'system'),
    metricsPort: fc.integer({ min: 1, max: 65_535 }),
    pins: fc.constant([pinOf('A'), pinOf('b')]),
  },
  { requiredKeys: [] },
);
const content: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.oneof(
  { weight: 9, arbitrary: anyContent },
  { weight: 1, arbitrary: fineContent },
);
/** One key at a time as well: of many keys one is nearly always wrong, and would hide the others. */
const oneKey = fc
  .constantFrom(...CONFIG_KEYS)
  .chain((key) => content.map((all) => ({ [key]: all[key] ?? 'info' })));
const stranger = fc
  .tuple(fc.oneof(fc.string(), fc.constantFrom('$schema', '__proto__', 'Relay', 'data')), fc.jsonValue())
  .map(([key, anything]) => ({ relay: 'wss://relay.example', [key]: anything }));

/** @returns what the two agreed on. */
const compare = (file: Readonly<Record<string, unknown>>): 'accepted' | 'refused' | 'beyond' => {
  // As it is read from a file: no `undefined`, and no -0.
  const written = JSON.parse(JSON.stringify(file)) as Readonly<Record<string, unknown>>;
  const refusal = refusalOf(written);
  const schemaAccepts = accepts(written);
  if (refusal === undefined) {
    assert.ok(schemaAccepts, `the code accepts what the schema refuses: ${JSON.stringify(accepts.errors)}`);
    return 'accepted';
  }
  if (!schemaAccepts) return 'refused';
  const all = checkConfig({ flags: {}, env: {}, file: { path: 'f', content: written } });
  const silent = all.filter(
    (problem) =>
      problem.source.kind === 'file' &&
      !Object.hasOwn(BEYOND, problem.reason) &&
      !isTextOfTwins(written['pins'], problem),
  );
  assert.deepEqual(silent, [], 'the schema accepts what the code refuses');
  return 'beyond';
};

for (const [what, files] of Object.entries({
  'whole files': content,
  'single keys': oneKey,
  strangers: stranger,
})) {
  test(`it accepts and refuses what the code does: ${what}`, (t) => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(files, (file) => {
        seen.add(compare(file));
      }),
      { numRuns: 3000 },
    );
    t.ok(seen.has('accepted') && seen.has('refused'), 'files of both kinds were seen');
    t.end();
  });
}
