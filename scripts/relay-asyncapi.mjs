// docs/relay-protocol.asyncapi.json: the messages from the schema that both ends validate with, the words from the tables of
// docs/relay-protocol.md, which a test holds equal to that schema. Written by schemas.mjs.
import { readFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';

const TEXT = readFileSync(new URL('../docs/relay-protocol.md', import.meta.url), 'utf8');
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** The rows of the tables between a heading and the next one of any level, without their heads. */
function rowsUnder(heading) {
  const after = TEXT.split(`\n${heading}\n`)[1];
  if (after === undefined) throw new Error(`docs/relay-protocol.md has no heading "${heading}"`);
  const lines = after.split(/^#+ /m)[0].split('\n');
  return lines
    .filter((line, i) => line.startsWith('| ') && !lines[i + 1]?.startsWith('|---'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** What a table says of the range of each field. */
const rangesUnder = (heading) =>
  new Map(rowsUnder(heading).map(([field, , range]) => [field.replaceAll('`', ''), range]));

/** Pattern for what JSON Schema only has a `format` for, which a validator need not look at. */
const patternOf = ({ source, ignoreCase }) => (ignoreCase ? source.replaceAll('a-f', 'a-fA-F') : source);
const OVERRIDES = {
  uuid: ({ requirement }, schema) => ({ ...schema, format: 'uuid', pattern: patternOf(requirement) }),
  // Without a format: `date-time` is RFC 3339's alone, and the code takes a little more.
  iso_timestamp: ({ requirement }, { type }) => ({ type, pattern: patternOf(requirement) }),
  // JSON has no number that is not finite.
  finite: (_action, schema) => schema,
};

/** JSON Schema (draft-07, as AsyncAPI's own) of a Valibot schema, described by the table under a heading. */
function schemaOf(valibot, heading) {
  const { $schema: _, ...schema } = toJsonSchema(valibot, {
    target: 'draft-07',
    typeMode: 'input',
    overrideAction: ({ valibotAction, jsonSchema }) =>
      OVERRIDES[valibotAction.type]?.(valibotAction, jsonSchema),
  });
  describe(schema, heading);
  const { machine, lastWords } = schema.properties;
  if (machine !== undefined) describe(machine, '### Machine');
  if (lastWords !== undefined) {
    describe(lastWords, '### Last words');
    describe(lastWords.properties.history.items, '### Episode');
  }
  return schema;
}

function describe({ properties }, heading) {
  const ranges = rangesUnder(heading);
  for (const [field, property] of Object.entries(properties)) {
    const range = ranges.get(field);
    if (range && property.const === undefined) property.description = range;
  }
}

const ref = (path) => ({ $ref: `#/${path}` });
const refs = (kind, names) => names.map((name) => ref(`${kind}/${name}`));

const SERVERS = {
  relay: { host: '{host}', protocol: 'wss', description: 'Over TLS.' },
  local: { host: '127.0.0.1:8787', protocol: 'ws', description: 'Reached from its own machine only.' },
  relayEnrolment: { host: '{host}', protocol: 'https', description: 'Host and port of "relay".' },
  localEnrolment: { host: '127.0.0.1:8787', protocol: 'http', description: 'Host and port of "local".' },
};
const servers = () =>
  Object.fromEntries(
    Object.entries(SERVERS).map(([name, server]) => {
      const variables = { host: { description: 'Host, and port if not 443.', default: 'relay.example' } };
      return [name, server.host === '{host}' ? { ...server, variables } : server];
    }),
  );

const SECURITY = {
  credential: { type: 'http', scheme: 'bearer', description: 'The credential that enrolment gave.' },
  enrolmentToken: { type: 'http', scheme: 'bearer', description: 'Known to whoever may add machines.' },
};

/** Close codes with who sends them and when. */
const closeCodes = () =>
  rowsUnder('## Close codes').map(([code, reason, from, when]) => ({
    code: Number(code),
    reason,
    from,
    when,
  }));

const message = (kind, payload, more = {}) => ({
  name: kind,
  contentType: 'application/json',
  ...more,
  payload,
});
const httpAnswer = (statusCode) => ({ bindings: { http: { statusCode, bindingVersion: '0.3.0' } } });

const sessionMessages = ({ AgentMessage, RelayMessage }) =>
  Object.fromEntries(
    [...AgentMessage.options, ...RelayMessage.options].map((option) => {
      const kind = option.entries.kind.literal;
      return [kind, message(kind, schemaOf(option, `#### \`${kind}\``))];
    }),
  );

const REFUSAL = { type: 'object', properties: { error: { type: 'string' } }, required: ['error'] };
const enrolmentMessages = ({ EnrollRequest, EnrollResponse }) => ({
  enrol: message('enrol', schemaOf(EnrollRequest, '## Enrolment')),
  enrolled: message('enrolled', schemaOf(EnrollResponse, '## Enrolment'), httpAnswer(201)),
  refused: message('refused', REFUSAL, { summary: 'The body of whatever is not 201.' }),
});

const channels = (protocol) => ({
  agent: {
    address: protocol.SESSION_PATH,
    servers: refs('servers', ['relay', 'local']),
    messages: sessionMessages(protocol),
    bindings: {
      ws: {
        method: 'GET',
        headers: {
          type: 'object',
          properties: { 'Sec-WebSocket-Protocol': { type: 'string', enum: [...protocol.SUBPROTOCOLS] } },
          required: ['Sec-WebSocket-Protocol'],
        },
        bindingVersion: '0.1.0',
      },
    },
    'x-max-message-bytes': protocol.MAX_MESSAGE_BYTES,
    'x-close-codes': closeCodes(),
  },
  enrolment: {
    address: protocol.ENROLL_PATH,
    servers: refs('servers', ['relayEnrolment', 'localEnrolment']),
    messages: enrolmentMessages(protocol),
    'x-max-body-bytes': protocol.MAX_BODY_BYTES,
  },
});

/** An operation of the agent's: a message of a channel, and the answers to it. */
const operation = (action, channel, asked, replies, security, more = {}) => ({
  action,
  channel: ref(`channels/${channel}`),
  messages: refs(`channels/${channel}/messages`, [asked]),
  reply: { channel: ref(`channels/${channel}`), messages: refs(`channels/${channel}/messages`, replies) },
  security: refs('components/securitySchemes', [security]),
  ...more,
});
const OPERATIONS = {
  enrol: operation('send', 'enrolment', 'enrol', ['enrolled', 'refused'], 'enrolmentToken', {
    bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
  }),
  sayHello: operation('send', 'agent', 'hello', ['welcome'], 'credential'),
  beat: operation('send', 'agent', 'heartbeat', ['heartbeat-ack'], 'credential'),
  tellStatus: operation('receive', 'agent', 'status-request', ['status'], 'credential'),
  refuseSession: operation('receive', 'agent', 'session.open', ['session.refused'], 'credential'),
};

const DESCRIPTION =
  'The agent is the application: it sends and receives. What this document does not say (order, times, refusals, coming ' +
  'back), relay-protocol.md beside it does. maxLength counts UTF-16 code units here, not code points as JSON Schema has it. ' +
  'A message of another kind is ignored, and so is a field that is not listed.';

/** The AsyncAPI 3.0 document. @param protocol the built module `@guruconnect/shared/relay-protocol` */
export const relayAsyncapi = (protocol) => ({
  asyncapi: '3.0.0',
  info: { title: 'GuruConnect relay protocol, version 1', version, description: DESCRIPTION },
  defaultContentType: 'application/json',
  servers: servers(),
  channels: channels(protocol),
  operations: OPERATIONS,
  components: { securitySchemes: SECURITY },
});
