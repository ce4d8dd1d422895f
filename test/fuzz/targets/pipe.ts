/** The framing and the messages of the pipe and of the worker's stdin, as both ends use them. */
import assert from 'node:assert/strict';
import { createLineSplitter } from '@guruconnect/shared/lines';
import {
  MAX_LINE_BYTES,
  PIPE_VERSION,
  encode,
  parseBootstrap,
  parseSupervisorMessage,
  parseWorkerMessage,
} from '@guruconnect/shared/pipe-protocol';
import { parseReading } from '@guruconnect/supervisor/live-status';
import { assertPlain } from '../plain.ts';
import type { FuzzTarget } from '../target.ts';
import { type Stream, readStream, writeStream } from './stream.ts';

type Split = typeof createLineSplitter;

/** What a splitter has to give, said in another way: `undefined` where a line, or what may become one, is too long. */
const expected = ({ bytes, limit }: Stream): readonly string[] | undefined => {
  const lines: string[] = [];
  let start = 0;
  for (let at = 0; at <= bytes.length; at += 1) {
    if (at < bytes.length && bytes[at] !== 0x0a) continue;
    if (at - start > limit) return undefined;
    if (at < bytes.length) lines.push(bytes.toString('utf8', start, at));
    start = at + 1;
  }
  return lines;
};

/** The same bytes in one piece and in several; once it was too much, it stays so. */
const checkSplitter = (split: Split, stream: Stream): readonly string[] => {
  const { bytes, cuts, limit } = stream;
  const lines = expected(stream);
  const whole = split(limit).push(bytes);
  assert.deepEqual(whole, lines);
  const splitter = split(limit);
  const pieces: string[] = [];
  let broken = false;
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    // The piece is the caller's again afterwards.
    const piece = Buffer.from(bytes.subarray(start, end));
    const more = splitter.push(piece);
    piece.fill(0x0a);
    assert.ok(!broken || more === undefined, 'what is broken stays broken');
    broken = more === undefined;
    pieces.push(...(more ?? []));
    start = end;
  }
  assert.equal(broken, lines === undefined);
  if (lines !== undefined) assert.deepEqual(pieces, lines);
  if (broken) assert.equal(splitter.push(Buffer.from('{}\n')), undefined);
  return pieces;
};

/** What is let through is one line again, the same message, and made of nothing but what belongs to it. */
const checkMessage =
  (parse: (line: string) => Parameters<typeof encode>[0] | undefined) =>
  (line: string): void => {
    const message = parse(line);
    if (message === undefined) return;
    assertPlain(message);
    const text = encode(message);
    assert.equal(text.indexOf('\n'), text.length - 1);
    const again = parse(text);
    assert.ok(again !== undefined, 'it can be sent on');
    assert.equal(encode(again), text);
    const isBounded = 'options' in message || Buffer.byteLength(text) <= MAX_LINE_BYTES + 1;
    assert.ok(isBounded, 'what fits through the pipe fits through again');
  };

const AGE = '17\n';
const checkReading = (line: string): void => {
  const reading = parseReading(AGE + line);
  if (reading !== undefined) assert.equal(reading.ageMs, Number(AGE));
};

const CHECKS = [
  checkMessage(parseWorkerMessage),
  checkMessage(parseSupervisorMessage),
  checkMessage(parseBootstrap),
  checkReading,
] as const;
/** Whose content is looked at: more of them would only be slow. */
const MAX_LINES = 4;

/** @param split the splitter under test, which one with a bug in it can stand in for */
export const pipeTarget = (split: Split): FuzzTarget['run'] => {
  return (input) => {
    const stream = readStream(input);
    const lines = new Set(checkSplitter(split, stream));
    for (const [at, line] of [...lines].slice(0, MAX_LINES).entries()) {
      CHECKS[(at + stream.turn) % CHECKS.length]?.(line);
    }
  };
};

const COUNTERS = {
  ...{ connects: 1, losses: 0, failures: 2, authFailures: 0, enrolments: 1, messagesReceived: 5, messagesSent: 6 },
  ...{ messagesUnknown: 0, bytesReceived: 700, bytesSent: 800 },
  roundTripMs: { bounds: [10, 50], counts: [1, 2, 3], sum: 61.5 },
}; // prettier-ignore
const link = { relay: 'wss://relay.example/', counters: COUNTERS };
const SAID = [
  { kind: 'hello', version: PIPE_VERSION, token: 'c0ffee00c0ffee00c0ffee00c0ffee00', pid: 4001 },
  { kind: 'beat', link: 'online', roundTripMs: 1.5, ...link },
  { kind: 'beat', link: 'waiting', trouble: 'kein Schlüssel – 🔑', ...link },
  { kind: 'fault', code: 'no-credential', message: 'two\nlines' },
  { kind: 'stop', reason: 'stop' },
  { kind: 'stop', reason: 'shutdown' },
  { kind: 'beat', link: 'connecting', poolMisses: 2, ...link },
  { kind: 'credential', id: 1, stored: { relay: 'wss://r', machineId: 'm', agentId: 'a', credential: 'cak_0', enrolledAt: '2026' } },
  { kind: 'resolve', id: 2 },
  { kind: 'told' },
  { kind: 'stored', id: 1 },
  { kind: 'stored', id: 1, error: 'the disk is full' },
  { kind: 'identity', id: 2, identity: { machineId: 'm' } },
  { kind: 'no-identity', id: 2, fault: { code: 'no-credential', message: 'none' } },
  { version: PIPE_VERSION, pipe: 'p', token: 't', supervisorPid: 1, options: { workerAccount: 'own' }, afterBoot: false, beatMs: 500, account: 'local-service', identity: { a: 1 }, lastWords: { b: [] } },
  { version: PIPE_VERSION, pipe: '/tmp/x/s', token: 'c0', supervisorPid: 1, options: { relay: 'wss://r' }, afterBoot: true },
  { version: 1, product: '0.1', mode: 'service', pid: 1, startedAt: '2026-01-01T00:00:00Z', service: 'running', link: { state: 'online', ...link } },
]; // prettier-ignore

export const target: FuzzTarget = {
  seeds: [
    ...SAID.flatMap((message) =>
      CHECKS.map((_check, turn) => writeStream(3, Buffer.from(`${JSON.stringify(message)}\n`), turn)),
    ),
    writeStream(3, Buffer.from(SAID.map((message) => `${JSON.stringify(message)}\n`).join(''))),
    ...['{"constructor":1}', '1e999'].map((stored) =>
      writeStream(3, Buffer.from(`{"kind":"credential","id":1,"stored":${stored}}\n`)),
    ),
    ...[0, 1, 2].map((limit) => writeStream(limit, Buffer.from('a\n\nbc\r\n\u00e9\n'))),
  ],
  run: pipeTarget(createLineSplitter),
};
