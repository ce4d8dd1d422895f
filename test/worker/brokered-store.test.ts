/** The worker's half of a brokered store, and the questions it asks, against a supervisor that answers anything or nothing. */
import { AgentFault } from '@guruconnect/shared/agent-fault';
import type { Config } from '@guruconnect/shared/config';
import { createLog } from '@guruconnect/shared/log';
import type { Fields, StoreAnswer, StoreRequest } from '@guruconnect/shared/store-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { brokeredStore, wordsOverPipe } from '@guruconnect/worker/brokered-store';
import { createKeeper } from '@guruconnect/worker/keeper';
import { createQuestions } from '@guruconnect/worker/pipe-questions';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { STORED } from '../store/stored.ts';

const { fingerprint: _kept, ...HELD } = STORED;
const HANDED = { relay: STORED.relay, machineId: STORED.machineId, clone: false, product: {}, stored: HELD };
const CONFIG: Config = {
  relay: STORED.relay,
  logLevel: 'info',
  proxyFallback: 'none',
  workerAccount: 'local-service',
};
const OTHER = { ...CONFIG, relay: 'wss://other.example' };

/** `answer` may hold one back by `undefined`. */
const supervisor = (answer: (request: StoreRequest, nth: number) => StoreAnswer | undefined) => {
  const clock = createFakeClock();
  const asked: StoreRequest[] = [];
  const questions = createQuestions(clock, (request) => {
    asked.push(request);
    const given = answer(request, asked.length);
    if (given !== undefined) questions.answer(given);
  });
  const pipe = { ask: questions.ask, send: (message: unknown) => void asked.push(message as StoreRequest) };
  return { clock, asked, questions, pipe };
};
const idOf = (request: StoreRequest): number => ('id' in request ? request.id : -1);
const silent = (): undefined => undefined;

test('what was handed over is used as it is, and nothing is asked', async (t) => {
  const { pipe, asked } = supervisor(silent);
  const identity = await brokeredStore(pipe, HANDED)(CONFIG);
  t.same(identity.stored, { ...HELD, fingerprint: {} });
  t.match(identity, { machineId: STORED.machineId, enrollReason: 'first', clone: false, product: {} });
  t.same(asked, []);
});

test('for another relay the supervisor is asked, and for the first one again as well', async (t) => {
  const { pipe, asked } = supervisor((request) => ({
    kind: 'identity',
    id: idOf(request),
    identity: { ...HANDED, relay: asked.length === 1 ? OTHER.relay : CONFIG.relay, stored: undefined },
  }));
  const resolve = brokeredStore(pipe, HANDED);
  await resolve(CONFIG);
  t.equal((await resolve(OTHER)).stored, undefined);
  await resolve(CONFIG);
  t.same(
    asked.map(({ kind }) => kind),
    ['resolve', 'resolve'],
  );
});

test('an identity for another relay than the configured one is never used: it would be shown to that one', async (t) => {
  const { pipe } = supervisor((request) => ({ kind: 'identity', id: idOf(request), identity: HANDED }));
  await t.rejects(brokeredStore(pipe, HANDED)(OTHER), {
    code: 'store-unreadable',
    message: /finds wss:\/\/relay\.example configured/,
  });
});

const FAULTS: Readonly<
  Record<string, [answer: Fields, expected: { code?: string; name?: string; message?: string }]>
> = {
  'a fault': [
    { kind: 'no-identity', fault: { code: 'no-credential', message: 'none' } },
    { name: 'AgentFault', code: 'no-credential', message: 'none' },
  ],
  'a bad configuration': [
    { kind: 'no-identity', fault: { code: 'bad-configuration', message: 'bad' } },
    { name: 'UsageError', message: 'bad' },
  ],
  'no identity': [{ kind: 'identity', identity: { relay: OTHER.relay } }, { code: 'store-unreadable' }],
  'the answer to something else': [{ kind: 'stored' }, { code: 'store-unreadable' }],
};
for (const [what, [answer, expected]] of Object.entries(FAULTS)) {
  test(`who the machine is to another relay: ${what} ends the worker with that name`, async (t) => {
    const { pipe } = supervisor((request) => ({ ...answer, id: idOf(request) }) as unknown as StoreAnswer);
    t.match(await brokeredStore(pipe, HANDED)(OTHER).catch((error: unknown) => error), expected);
  });
}

test('a credential is stored once the supervisor says so, without a fingerprint on the way', async (t) => {
  const { pipe, asked } = supervisor((request) => ({ kind: 'stored', id: idOf(request) }));
  const { write, credentialOf } = await brokeredStore(pipe, HANDED)(CONFIG);
  const stored = credentialOf({ agentId: 'a', credential: HELD.credential }, HELD.enrolledAt);
  await write(stored);
  t.same(asked, [{ kind: 'credential', id: 1, stored: { ...HELD, agentId: 'a' } }]);
});

test('an error, a silence and the end of the pipe are a store that cannot be written to', async (t) => {
  const refusing = supervisor((request) => ({ kind: 'stored', id: idOf(request), error: 'full' }));
  const one = await brokeredStore(refusing.pipe, HANDED)(CONFIG);
  await t.rejects(one.write(STORED), { code: 'store-unwritable', message: 'full' });

  const mute = supervisor(silent);
  const other = await brokeredStore(mute.pipe, HANDED)(CONFIG);
  const late = t.rejects(other.write(STORED), {
    code: 'store-unwritable',
    message: /has not answered within 5000 ms/,
  });
  mute.clock.advance(TIMING.storeAnswer);
  await late;
  mute.questions.answer({ kind: 'stored', id: 1 });
  const cut = t.rejects(other.write(STORED), { code: 'store-unwritable', message: /has gone/ });
  mute.questions.giveUp();
  await cut;
  await t.rejects(other.write(STORED), AgentFault, 'and from then on at once');
  t.same(mute.clock.pending(), [], 'nothing is waited for any more');
});

test('a credential that cannot be stored is offered again, until it is', async (t) => {
  const { pipe, clock, asked } = supervisor((request, nth) => ({
    kind: 'stored',
    id: idOf(request),
    ...(nth < 3 && { error: 'full' }),
  }));
  const { write } = await brokeredStore(pipe, HANDED)(CONFIG);
  const lines: string[] = [];
  const log = createLog('worker', 'info', { write: (line) => void lines.push(line) });
  await createKeeper(clock, log, write).keep(STORED);
  for (const count of [2, 3, 3]) {
    clock.advance(TIMING.storeRetry);
    // The answer is there at once, but what follows of it comes by promises.
    await new Promise((resolve) => setImmediate(resolve));
    t.equal(asked.length, count);
  }
  t.equal(lines.length, 2);
  t.notMatch(lines.join(''), STORED.credential);
});

test('last words come from the supervisor, which hears when they were told', (t) => {
  const { pipe, asked } = supervisor(silent);
  const words = { reason: 'hung', at: '2026-01-02T03:04:05.678Z', lines: [] };
  const kept = wordsOverPipe(pipe, words);
  t.same(kept.found, words);
  kept.forget();
  t.same(asked, [{ kind: 'told' }]);
  t.equal(wordsOverPipe(pipe, { reason: 7 }).found, undefined);
  t.equal(wordsOverPipe(pipe, undefined).found, undefined);
  t.end();
});
