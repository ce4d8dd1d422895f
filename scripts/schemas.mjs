// `npm run schemas`: writes packages/shared/config.schema.json and docs/relay-protocol.asyncapi.json from the schemas that the code
// validates with.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONFIG = join(ROOT, 'packages', 'shared', 'config.schema.json');
const ASYNCAPI = join(ROOT, 'docs', 'relay-protocol.asyncapi.json');
const TITLE = 'GuruConnect agent: configuration file';

/** What JSON Schema has no words for. `guruconnect config check` has. */
const BEYOND = [
  'that a URL can be parsed',
  'that a ws:// relay, and the proxy it is reached through, are on this machine',
  "that a proxy's user and password are percent-encoded",
  'that pins written as one text are different ones',
  'that the file of certificates is there and valid',
  'that a relay is configured at all, as it may come from the environment or a flag',
];
const DESCRIPTION =
  'Where the environment or a flag sets a key as well, the file is overruled. There is no key but these. ' +
  `Not said here, but by "guruconnect config check": ${BEYOND.join('; ')}.`;

/** Checks in code: all that JSON Schema can say of them is in patterns beside them. */
const IN_CODE = new Set(['check', 'partial_check']);

/** JSON Schema (draft 2020-12) of the configuration file. Needs the built packages. */
export async function configJsonSchema() {
  const { toJsonSchema } = await import('@valibot/to-json-schema');
  const { ConfigSchema } = await import('../packages/shared/dist/config-schema.js');
  const { $schema, properties, additionalProperties, type } = toJsonSchema(ConfigSchema, {
    target: 'draft-2020-12',
    typeMode: 'input',
    overrideAction: ({ valibotAction, jsonSchema }) =>
      IN_CODE.has(valibotAction.type) ? jsonSchema : undefined,
  });
  return {
    $schema,
    title: TITLE,
    description: DESCRIPTION,
    type,
    properties: { $schema: { description: 'For editors; the agent ignores it.' }, ...properties },
    additionalProperties,
  };
}

/** AsyncAPI 3.0 document of the relay protocol. Needs the built packages. */
export async function relayAsyncapiDocument() {
  const { relayAsyncapi } = await import('./relay-asyncapi.mjs');
  return relayAsyncapi(await import('../packages/shared/dist/relay-protocol.js'));
}

async function write(target, content) {
  const prettier = await import('prettier');
  const options = { ...(await prettier.resolveConfig(target)), parser: 'json' };
  writeFileSync(target, await prettier.format(JSON.stringify(content), options));
  process.stdout.write(`${target}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await write(CONFIG, await configJsonSchema());
  await write(ASYNCAPI, await relayAsyncapiDocument());
}
