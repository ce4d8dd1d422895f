/** One question to Windows about its proxy: how long it may take, and what becomes of it when nobody waits any longer. */
import type { NativeProxy } from '@guruconnect/native';
import { TIMING } from '@guruconnect/shared/timing';
import { createAttempt } from '@guruconnect/worker/network/attempt';
import { establish } from '@guruconnect/worker/network/connection';
import type { Lookup } from '@guruconnect/worker/network/dial';
import { createRoutes } from '@guruconnect/worker/network/route';
import { type AskSystem, createSystemProxy } from '@guruconnect/worker/network/system-proxy';
import { createTrust } from '@guruconnect/worker/network/trust';
import { test } from 'tap';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import { settleNow } from '../../helpers/run-to-end.ts';
import { establishBy } from './way.ts';

const said = (proxy: string): NativeProxy => ({ error: 0, proxy, bypass: '' });
const RELAY = new URL('wss://relay.example/a/prefix');
/** Windows that answers when it is told to. */
const slow = () => {
  const answers: ((answer: NativeProxy) => void)[] = [];
  const ask: AskSystem = () => new Promise((resolve) => answers.push(resolve));
  return { ask, answers };
};

test('an answer that does not come is waited for within its bound, and counts no more when it comes', async (t) => {
  const clock = createFakeClock();
  const { ask, answers } = slow();
  const find = createSystemProxy(RELAY, ask, clock);
  const proxy = find(new AbortController().signal);
  let isOver = false;
  proxy.catch(() => (isOver = true));
  clock.advance(TIMING.systemProxy - 1);
  await settleNow();
  t.equal(isOver, false);
  clock.advance(1);
  await t.rejects(proxy, {
    message: `the system's proxy settings gave no answer within ${TIMING.systemProxy} ms`,
  });
  answers[0]?.(said('late:1'));
  await settleNow();
  t.same(clock.pending(), []);
});

test('who asks while an earlier question is under way gets its answer, and only one is asked', async (t) => {
  const clock = createFakeClock();
  const { ask, answers } = slow();
  const find = createSystemProxy(RELAY, ask, clock);
  const letGo = new AbortController();
  const first = find(letGo.signal);
  letGo.abort();
  await t.rejects(first, { name: 'AbortError' });
  t.same(clock.pending(), [], 'no timer is left behind');
  const second = find(new AbortController().signal);
  t.equal(answers.length, 1);
  answers[0]?.(said('proxy:1'));
  t.equal((await second)?.href, 'http://proxy:1/');
  t.same(clock.pending(), []);
  const third = find(new AbortController().signal);
  t.equal(answers.length, 2, 'an answer is not kept');
  answers[1]?.(said(''));
  t.equal(await third, undefined);
});

test('the path of the relay is not told to the network', async (t) => {
  const asked: string[] = [];
  const ask: AskSystem = (url) => {
    asked.push(url);
    return Promise.resolve(said(''));
  };
  await createSystemProxy(RELAY, ask)(new AbortController().signal);
  await createSystemProxy(new URL('wss://[2001:db8::1]:444/a'), ask)(new AbortController().signal);
  t.same(asked, ['https://relay.example/', 'https://[2001:db8::1]:444/']);
});

test('a try that is given up before the answer comes, or just as it comes, reaches nobody', async (t) => {
  const names: string[] = [];
  const lookup: Lookup = (name) => {
    names.push(name);
    return Promise.reject(new Error('nobody is to be reached'));
  };
  const { ask, answers } = slow();
  const config = { relay: 'wss://relay.example', proxy: 'system' } as const;
  const route = createRoutes(config, { askSystem: ask, lookup }).open();
  const socket = establishBy(route);
  route.release();
  answers[0]?.(said('proxy.example:3128'));
  await t.rejects(socket, { name: 'AbortError' });
  t.equal(route.awaited(), 'the proxy');

  const letGo = new AbortController();
  const lateFind = () => {
    letGo.abort();
    return Promise.resolve(new URL('http://proxy.example:3128'));
  };
  const means = { relay: RELAY, pins: undefined, lookup, context: createTrust(undefined) };
  const attempt = createAttempt(letGo.signal, ({ kind }) => t.fail(`it went on: ${kind}`));
  await t.rejects(establish(means, lateFind, attempt), { name: 'AbortError' });
  await settleNow();
  t.same(names, []);
});

test('the question ends before the time of the connection does', (t) => {
  const bounds: Readonly<Record<'systemProxy' | 'connect' | 'enroll', number>> = TIMING;
  t.ok(2 * bounds.systemProxy < bounds.connect);
  t.ok(2 * bounds.systemProxy < bounds.enroll);
  t.end();
});
