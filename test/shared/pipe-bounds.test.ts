/** How much a message of the pipe can hold: texts that a stranger chose must not cost a worker its pipe, nor fill a log. */
import { COUNTER_NAMES, type Counters } from '@guruconnect/shared/counters';
import { createLineSplitter } from '@guruconnect/shared/lines';
import {
  type Beat,
  MAX_LINE_BYTES,
  MAX_TEXT,
  PIPE_VERSION,
  encode,
  parseBootstrap,
  parseWorkerMessage,
} from '@guruconnect/shared/pipe-protocol';
import { test } from 'tap';

const counters = {
  ...Object.fromEntries(COUNTER_NAMES.map((name) => [name, Number.MAX_VALUE])),
  roundTripMs: {
    bounds: Array.from({ length: 31 }, () => 1 / 3),
    counts: Array.from({ length: 32 }, () => Number.MAX_VALUE),
    sum: Number.MIN_VALUE,
  },
} as unknown as Counters;

/** Each takes six bytes in JSON, and is what a certificate's name may hold. */
const worst = '\u0000'.repeat(100_000);
const beat: Beat = {
  kind: 'beat',
  link: 'waiting',
  relay: worst,
  roundTripMs: 1 / 3,
  trouble: worst,
  counters,
};
const LONG = {
  'a beat': beat,
  'a fault': { kind: 'fault', code: 'no-credential', message: worst },
  'a fault in emoji': { kind: 'fault', code: 'no-credential', message: '💩'.repeat(100_000) },
} as const;

for (const [what, message] of Object.entries(LONG)) {
  test(`${what} with texts of any length is a line that the other end takes`, (t) => {
    const lines = createLineSplitter(MAX_LINE_BYTES).push(Buffer.from(encode(message)));
    t.equal(lines?.length, 1);
    t.equal(parseWorkerMessage(lines?.[0] ?? '')?.kind, message.kind);
    t.end();
  });
}

test('a text that is cut says so, one of just the limit is not cut', (t) => {
  const said = (message: string) => parseWorkerMessage(encode({ kind: 'fault', code: 'x', message }));
  t.match(said('x'.repeat(MAX_TEXT)), { message: 'x'.repeat(MAX_TEXT) });
  t.match(said('x'.repeat(MAX_TEXT + 1)), { message: `${'x'.repeat(MAX_TEXT - 1)}…` });
  t.end();
});

const fault = { kind: 'fault', code: 'no-credential', message: 'none' };
const hello = { kind: 'hello', version: PIPE_VERSION, token: 't', pid: 1 };
const UNFIT: Record<string, unknown> = {
  'a fault whose message is longer than any of ours': { ...fault, message: 'x'.repeat(MAX_TEXT + 1) },
  'a fault whose code is longer than a name': { ...fault, code: 'x'.repeat(65) },
  'a fault whose code would forge a line of a log': { ...fault, code: 'no-credential\nfatal' },
  'a fault without a name': { ...fault, code: '' },
  'a beat whose trouble is longer than any of ours': {
    ...beat,
    relay: '',
    trouble: 'x'.repeat(MAX_TEXT + 1),
  },
  'a hello of half a process': { ...hello, pid: 1.5 },
  'a hello of a process that no number can hold': { ...hello, pid: 2 ** 53 },
  'a hello of half a version': { ...hello, version: 1.5 },
};
for (const [situation, data] of Object.entries(UNFIT)) {
  test(`${situation} is no message`, (t) => {
    t.equal(parseWorkerMessage(JSON.stringify(data)), undefined);
    t.end();
  });
}

const start = { version: PIPE_VERSION, pipe: '/p', token: 't', supervisorPid: 1, afterBoot: false };

test('of the options those are taken that there are, however long', (t) => {
  const options = { relay: 'wss://r', data: 'x'.repeat(2 * MAX_TEXT) };
  const line = encode({ ...start, version: PIPE_VERSION, options });
  t.same(parseBootstrap(line)?.options, options);
  const more = line.replace(
    '"options":{',
    '"options":{"__proto__":{"data":"/tmp"},"constructor":"x","later":"y",',
  );
  const taken = parseBootstrap(more)?.options;
  t.same(taken, options);
  t.same(Object.keys(taken ?? {}), ['relay', 'data']);
  t.equal(Object.getPrototypeOf(taken), Object.prototype);
  t.end();
});

for (const [what, options] of Object.entries({
  'a list of options': [],
  'an option that is a number': { relay: 1 },
  'an option that is null': { relay: null },
})) {
  test(`a line with ${what} is no bootstrap`, (t) => {
    t.equal(parseBootstrap(JSON.stringify({ ...start, options })), undefined);
    t.end();
  });
}
