/** What comes from the network: messages and bodies of a relay, its headers and close reasons; and texts made fit for people. */
import assert from 'node:assert/strict';
import { scrubLines } from '@guruconnect/shared/last-words';
import { printable } from '@guruconnect/shared/printable';
import {
  EnrollRequest,
  EnrollResponse,
  LastWords,
  MAX_SLOT_MS,
  parseAgentMessage,
  parseRelayMessage,
} from '@guruconnect/shared/relay-protocol';
import { nowOfAnswer, parseRetryAfter, reasonWithSlot, slotOfReason } from '@guruconnect/shared/retry-after';
import * as v from 'valibot';
import { assertPlain } from '../plain.ts';
import type { FuzzTarget } from '../target.ts';

const NOW = Date.UTC(2026, 0, 1);
const MAX_WHY = 80;
const SECRET = /cak_[A-Za-z0-9_-]/;

const isSlot = (ms: number | undefined): boolean => ms === undefined || (ms >= 0 && ms <= MAX_SLOT_MS);

const checkMessage = (text: string): void => {
  for (const parse of [parseRelayMessage, parseAgentMessage]) {
    const message = parse(text);
    assertPlain(message);
    if (message.kind === 'malformed') assert.ok(message.why.length <= MAX_WHY, 'a reason quotes nothing');
    else if (message.kind !== 'unknown')
      assert.equal(JSON.stringify(parse(JSON.stringify(message))), JSON.stringify(message));
  }
};

const checkBody = (text: string): void => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return;
  }
  for (const schema of [EnrollResponse, EnrollRequest, LastWords]) {
    const result = v.safeParse(schema, body);
    if (result.success) assertPlain(result.output);
  }
};

const checkHeaders = (text: string): void => {
  assert.ok(isSlot(parseRetryAfter(text, NOW)));
  assert.ok(isSlot(slotOfReason(text)));
  assert.ok(Number.isFinite(nowOfAnswer(text, NOW)));
  const told = reasonWithSlot(text.slice(0, 60), text.length * 7);
  assert.equal(slotOfReason(told), Math.min(MAX_SLOT_MS, text.length * 7));
};

const checkTexts = (text: string): void => {
  assert.doesNotMatch(printable(text), /(?! )[\p{C}\p{Z}]/u);
  for (const line of scrubLines(text.split('\n'))) {
    assert.ok(line.length <= 1024 && !SECRET.test(line));
  }
};

const MACHINE = {
  machineId: '0b5c1d6a-3b1e-4f0a-9f3e-2f7d4c8b9a10',
  hostname: 'pc',
  platform: 'win32',
  agentVersion: '0.1.0',
  machine: { os: 'Windows', cpus: 4, bootedAt: '2026-01-01T00:00:00Z' },
};
const WORDS = { reason: 'exited', at: '2026-01-01T00:00:00Z', exitCode: 1, lines: ['the end'] };
const SAID = [
  { kind: 'welcome', sessionId: 's', heartbeatMs: 30_000, reconnectWindowMs: 1 },
  { kind: 'heartbeat-ack', seq: 1 },
  { kind: 'status-request', id: 1 },
  { kind: 'session.open', id: 1 },
  { kind: 'hello', ...MACHINE, lost: 'x', lastWords: WORDS },
  { kind: 'status', id: 1, uptimeMs: 1, reconnects: 0, roundTripMs: 0.5 },
  { agentId: 'a', credential: `cak_${'x'.repeat(32)}` },
  { ...MACHINE, reason: 'first' },
  WORDS,
];
const TEXTS = [
  '120',
  'Wed, 21 Oct 2026 07:28:00 GMT',
  'try again later; retry-after=1.5',
  'a\u202eb\u0007 cak_abc',
];

export const target: FuzzTarget = {
  seeds: [...SAID.map((said) => JSON.stringify(said)), ...TEXTS].map((text) => Buffer.from(text)),
  run: (input) => {
    const text = input.toString();
    checkMessage(text);
    checkBody(text);
    checkHeaders(text);
    checkTexts(text);
  },
};
