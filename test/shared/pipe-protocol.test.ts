import assert from 'node:assert/strict';
import {
  type Bootstrap,
  LINK_STATES,
  PIPE_VERSION,
  type SupervisorMessage,
  type WorkerMessage,
  encode,
  parseBootstrap,
  parseSupervisorMessage,
  parseWorkerMessage,
} from '@guruconnect/shared/pipe-protocol';
import type { Fields } from '@guruconnect/shared/store-protocol';
import { WORKER_ACCOUNTS } from '@guruconnect/shared/worker-accounts';
import { TIMING } from '@guruconnect/shared/timing';
import fc from 'fast-check';
import { test } from 'tap';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const amount = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });

/** An object as JSON gives it. */
/** No message has these. */
const name = text.filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key));
const fields = fc.dictionary(name, text).map((made) => JSON.parse(JSON.stringify(made)) as Fields);

const workerMessage: fc.Arbitrary<WorkerMessage> = fc.oneof(
  fc.record({ kind: fc.constant('hello'), version: fc.nat(), token: text, pid: fc.nat() }),
  fc.record(
    {
      kind: fc.constant('beat'),
      link: fc.constantFrom(...LINK_STATES),
      relay: text,
      roundTripMs: amount,
      trouble: text,
      poolMisses: fc.nat(),
    },
    { requiredKeys: ['kind', 'link', 'relay'] },
  ),
  fc.record({ kind: fc.constant('fault'), code: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), message: text }),
  fc.record({ kind: fc.constant('credential'), id: fc.nat(), stored: fields }),
  fc.record({ kind: fc.constant('resolve'), id: fc.nat() }),
  fc.record({ kind: fc.constant('told') }),
);
const supervisorMessage: fc.Arbitrary<SupervisorMessage> = fc.oneof(
  fc.record({ kind: fc.constant('stop'), reason: fc.constantFrom('stop', 'shutdown') }),
  fc.record({ kind: fc.constant('stored'), id: fc.nat(), error: text }, { requiredKeys: ['kind', 'id'] }),
  fc.record({ kind: fc.constant('identity'), id: fc.nat(), identity: fields }),
  fc.record({
    kind: fc.constant('no-identity'),
    id: fc.nat(),
    fault: fc.record({ code: text, message: text }).map((fault) => ({ ...fault })),
  }),
);
const options = fc.record(
  { relay: text, enrollToken: text, data: text, config: text, logLevel: text },
  { requiredKeys: [] },
);
const bootstrap: fc.Arbitrary<Bootstrap> = fc.record(
  {
    version: fc.constant(PIPE_VERSION),
    pipe: text,
    token: text,
    supervisorPid: fc.nat(),
    options,
    afterBoot: fc.boolean(),
    account: fc.constantFrom(...WORKER_ACCOUNTS),
    identity: fields,
    lastWords: fields,
    beatMs: fc.integer({ min: 1, max: TIMING.beat }),
  },
  { requiredKeys: ['version', 'pipe', 'token', 'supervisorPid', 'options', 'afterBoot'] },
);

const PARSERS = { parseWorkerMessage, parseSupervisorMessage, parseBootstrap };

/** Generated records have no prototype; what JSON gives has one. */
const plain = <T extends object>(message: T): T => ({ ...message });
const plainBootstrap = (message: Bootstrap): Bootstrap => ({ ...message, options: plain(message.options) });

test('every message survives the pipe', (t) => {
  fc.assert(
    fc.property(workerMessage, (message) => {
      assert.deepEqual(parseWorkerMessage(encode(message)), plain(message));
    }),
  );
  fc.assert(
    fc.property(supervisorMessage, (message) => {
      assert.deepEqual(parseSupervisorMessage(encode(message)), plain(message));
    }),
  );
  fc.assert(
    fc.property(bootstrap, (message) => {
      assert.deepEqual(parseBootstrap(encode(message)), plainBootstrap(message));
    }),
  );
  t.end();
});

test('a message is one line, whatever is in it', (t) => {
  fc.assert(
    fc.property(fc.oneof(workerMessage, supervisorMessage, bootstrap), (message) => {
      assert.equal(encode(message).indexOf('\n'), encode(message).length - 1);
    }),
  );
  t.end();
});

test('fields of a later version are left out', (t) => {
  fc.assert(
    fc.property(workerMessage, fc.json(), (message, more) => {
      const later = JSON.stringify({ ...message, 'later-field': more });
      assert.deepEqual(parseWorkerMessage(later), plain(message));
    }),
  );
  t.end();
});

for (const [name, parse] of Object.entries(PARSERS)) {
  test(`${name} takes any text without a throw, and makes nothing of what is no object`, (t) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        assert.equal(parse(line), undefined);
      }),
    );
    fc.assert(
      fc.property(fc.json(), (line) => {
        assert.equal(parse(line), undefined);
      }),
    );
    t.end();
  });
}

const STORE_KINDS = ['credential', 'resolve', 'told', 'stored', 'identity', 'no-identity'] as const;

// Right keys with any values: what is let through must be a message, and so survive another round.
const nearly = fc.record(
  {
    kind: fc.oneof(fc.constantFrom('hello', 'beat', 'fault', 'stop', ...STORE_KINDS), fc.jsonValue()),
    version: fc.oneof(fc.constant(PIPE_VERSION), fc.jsonValue()),
    token: fc.jsonValue(),
    pid: fc.jsonValue(),
    link: fc.oneof(fc.constantFrom(...LINK_STATES), fc.jsonValue()),
    relay: fc.jsonValue(),
    roundTripMs: fc.jsonValue(),
    trouble: fc.jsonValue(),
    poolMisses: fc.jsonValue(),
    beatMs: fc.jsonValue(),
    code: fc.jsonValue(),
    message: fc.jsonValue(),
    reason: fc.oneof(fc.constantFrom('stop', 'shutdown', 'supervisor-gone'), fc.jsonValue()),
    pipe: fc.jsonValue(),
    supervisorPid: fc.jsonValue(),
    options: fc.oneof(options, fc.jsonValue()),
    id: fc.oneof(fc.nat(), fc.jsonValue()),
    stored: fc.jsonValue(),
    error: fc.jsonValue(),
    identity: fc.jsonValue(),
    fault: fc.oneof(fc.record({ code: text, message: text }), fc.jsonValue()),
    account: fc.jsonValue(),
    lastWords: fc.jsonValue(),
  },
  { requiredKeys: ['kind'] },
);

test('what is let through of nearly right objects is a message', (t) => {
  fc.assert(
    fc.property(nearly, (fields) => {
      for (const parse of Object.values(PARSERS)) {
        const message = parse(JSON.stringify(fields));
        if (message !== undefined) assert.deepEqual(parse(encode(message)), message);
      }
    }),
    { numRuns: 300 },
  );
  t.end();
});

const hello = { kind: 'hello', version: 1, token: 't', pid: 1 };
const beat = { kind: 'beat', link: 'online', relay: 'wss://relay.example' };
const fault = { kind: 'fault', code: 'no-credential', message: 'none' };

const notFromAWorker: Record<string, unknown> = {
  'no kind': { version: 1, token: 't', pid: 1 },
  'an unknown kind': { ...hello, kind: 'bye' },
  'a kind of every object': { ...hello, kind: 'toString' },
  'a kind that is no text': { ...hello, kind: ['hello'] },
  "the supervisor's own message": { kind: 'stop', reason: 'stop' },
  'an array': [hello],
  null: null,
  'a text': 'hello',
  'a hello without a token': { ...hello, token: undefined },
  'a hello with a number for a token': { ...hello, token: 1 },
  'a hello with a text for a version': { ...hello, version: '1' },
  'a hello with a negative pid': { ...hello, pid: -1 },
  'a hello with a text for a pid': { ...hello, pid: '1' },
  'a beat without a relay': { ...beat, relay: undefined },
  'a beat with a link state of nobody': { ...beat, link: 'lost' },
  'a beat with a number for trouble': { ...beat, trouble: 1 },
  'a beat with null for trouble': { ...beat, trouble: null },
  'a beat with a negative round trip': { ...beat, roundTripMs: -0.1 },
  'a beat with a text for a round trip': { ...beat, roundTripMs: '1' },
  'a beat with a negative count of misses': { ...beat, poolMisses: -1 },
  'a beat with a text for a count of misses': { ...beat, poolMisses: '1' },
  'a fault without a code': { ...fault, code: undefined },
  'a fault with an object for a message': { ...fault, message: {} },
};
for (const [situation, data] of Object.entries(notFromAWorker)) {
  test(`${situation} is no message of a worker`, (t) => {
    t.equal(parseWorkerMessage(JSON.stringify(data)), undefined);
    t.end();
  });
}

test('a round trip too long for a number is no message of a worker', (t) => {
  t.equal(parseWorkerMessage(JSON.stringify({ ...beat, roundTripMs: 1 }).replace('1}', '1e999}')), undefined);
  t.end();
});

const notFromASupervisor: Record<string, unknown> = {
  'an unknown kind': { kind: 'go', reason: 'stop' },
  'a stop without a reason': { kind: 'stop' },
  'a stop with a reason of nobody': { kind: 'stop', reason: 'because' },
  "a stop with the worker's own reason": { kind: 'stop', reason: 'supervisor-gone' },
  'a stop with a list of reasons': { kind: 'stop', reason: ['stop'] },
  "a worker's message": hello,
};
for (const [situation, data] of Object.entries(notFromASupervisor)) {
  test(`${situation} is no message of a supervisor`, (t) => {
    t.equal(parseSupervisorMessage(JSON.stringify(data)), undefined);
    t.end();
  });
}
