import { startRelay } from '@guruconnect/relay';
import { chooseProxy } from '@guruconnect/worker/network/proxy-list';
import { test } from 'tap';
import { CA_FILE } from '../helpers/certificates.ts';
import { startProxy } from '../helpers/connect-proxy.ts';
import { type Outcome, type Step, secretsCalls } from '../helpers/secrets-calls.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { tlsFront } from '../helpers/tls-front.ts';
import { openLab, toWindowsPath, windowsUnavailable } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
const KEY = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\Connections';
const URL = 'https://relay.example/';
const DIRECTLY = { error: 0, proxy: '', bypass: '' };
const TOKEN = 'enrolment-token-of-the-test';
const LIMIT_MS = 20_000;
/** No script, a bad one, one that is not to be had or fails, no service for it; see NativeProxy. */
const NETWORK_ERRORS = [12180, 12166, 12167, 12177, 12178];
const NO_URL = 12005;
const TIMED_OUT = 258;
const BUSY = 170;
/** There and not named; also what takes the place of Wine's reading of the environment. */
const NO_PROXY = 1;
const NAMED_PROXY = 3;

interface Proxy {
  readonly error: number;
  readonly proxy: string;
  readonly bypass: string;
}
const proxyOf = (outcome: Outcome | undefined) => outcome?.value as Proxy;

/** What `netsh winhttp set proxy` writes: three numbers, and two texts behind their lengths. */
const settingOf = (access: number, proxy: string, bypass: string): string => {
  const number = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
  const text = (value: string) => [number(value.length), Buffer.from(value, 'latin1')];
  return Buffer.concat([...[0x18, 0, access].map(number), ...text(proxy), ...text(bypass)]).toString('hex');
};

void test('the machine’s proxy', { skip, timeout: 120_000 }, async (suite) => {
  const lab = await openLab();
  const calls = secretsCalls(lab);
  const onWine = process.platform !== 'win32';
  const reg = async (...args: readonly string[]) => {
    const { code, stderr } = await lab.run('reg', [
      args[0] ?? '',
      KEY,
      '/v',
      'WinHttpSettings',
      ...args.slice(1),
      '/f',
    ]);
    if (code !== 0) throw new Error(`reg ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
  };
  const set = (access: number, proxy = '', bypass = '') =>
    reg('add', '/t', 'REG_BINARY', '/d', settingOf(access, proxy, bypass));
  suite.teardown(async () => {
    if (onWine) await reg('delete');
    await lab.close();
  });
  const unsettable = onWine ? {} : { skip: 'the proxy of a real machine is not changed for a test' };

  await suite.test(
    'one that is set is told as it was written, whatever the network says',
    unsettable,
    async (t) => {
      await set(NAMED_PROXY, 'http=proxy.example:3128;https=10.0.0.1:8080', '*.example;<local>');
      const outcomes = await calls(
        t,
        ['winHttpProxy', URL, false, LIMIT_MS],
        ['winHttpProxy', URL, true, LIMIT_MS],
      );
      const value = {
        error: 0,
        proxy: 'http=proxy.example:3128;https=10.0.0.1:8080',
        bypass: '*.example;<local>',
      };
      t.strictSame(outcomes, [{ value }, { value }]);
      const told = proxyOf(outcomes[0]);
      const way = (relay: string) => chooseProxy(told, new global.URL(relay));
      t.match(way('wss://relay.example.org'), { kind: 'proxy', url: { href: 'http://10.0.0.1:8080/' } });
      t.same(way('wss://relay.example'), { kind: 'direct' });
    },
  );

  await suite.test('an agent with proxy "system" goes through it', unsettable, async (t) => {
    const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
    t.teardown(() => relay.close());
    const front = await tlsFront(t, relay, 'elsewhere');
    const proxy = await startProxy(t);
    await set(NAMED_PROXY, `http=127.0.0.1:9;https=${proxy.address}`, '<local>');
    const way = ['--relay', `wss://relay.example:${front.port}`, '--proxy', 'system'];
    const { code, stdout, stderr } = await lab.guruconnect([
      ...['console', ...way, '--enroll-token', TOKEN, '--exit-after', '0.5'],
      ...['--ca', toWindowsPath(CA_FILE), '--data', toWindowsPath(tempDir(t))],
    ]);
    t.equal(code, 0, stderr);
    t.match(stdout, /link: online/);
    t.same(proxy.asked, Array(2).fill(`relay.example:${front.port}`));
    t.same(front.peers, proxy.ports);
  });

  await suite.test('none is set and the network is not asked: directly', unsettable, async (t) => {
    await set(NO_PROXY);
    t.strictSame(await calls(t, ['winHttpProxy', URL, false, 0]), [{ value: DIRECTLY }]);
  });

  await suite.test('a network that is asked answers or has no answer, in time', async (t) => {
    if (onWine) await set(NO_PROXY);
    const startedAt = performance.now();
    const outcomes = await calls(
      t,
      ['winHttpProxy', URL, true, LIMIT_MS],
      ['winHttpProxy', 'no url', true, LIMIT_MS],
    );
    t.ok(performance.now() - startedAt < 2 * LIMIT_MS, 'in time');
    const [{ error, proxy }, { error: hopeless }] = [proxyOf(outcomes[0]), proxyOf(outcomes[1])];
    const failed = NETWORK_ERRORS.includes(error);
    t.ok(error === 0 || (failed && proxy === ''), `error ${error}, proxy ${proxy}`);
    t.ok([NO_URL, ...NETWORK_ERRORS].includes(hopeless), `for no URL: ${hopeless}`);
  });

  await suite.test(
    'a call without the time for it ends all the same, and the next one is busy',
    async (t) => {
      const outcomes = await calls(t, ['winHttpProxy', URL, true, 0], ['winHttpProxy', URL, true, LIMIT_MS]);
      const [hasty, next] = outcomes.map((outcome) => proxyOf(outcome).error);
      // A network whose answer Windows knows already may be as fast as that.
      if (hasty === TIMED_OUT)
        t.ok([BUSY, 0, ...NETWORK_ERRORS].includes(next ?? -1), `next: ${String(next)}`);
      else t.same(hasty, next);
      if (onWine) t.same([hasty, next], [TIMED_OUT, BUSY]);
    },
  );

  await suite.test('winhttp.dll is loaded by the first call, and not before', async (t) => {
    const outcomes = await calls(t, ['libraries'], ['winHttpProxy', URL, false, 0], ['libraries']);
    const has = (i: number) => (outcomes[i]?.value as readonly string[]).includes('winhttp.dll');
    t.same([has(0), has(2)], [false, true]);
  });

  await suite.test('arguments of a wrong kind throw at once', async (t) => {
    const wrong: readonly Step[] = [
      ['winHttpProxy'],
      ['winHttpProxy', URL],
      ['winHttpProxy', URL, true],
      ['winHttpProxy', null, true, 1],
      ['winHttpProxy', `${URL}\0`, true, 1],
      ['winHttpProxy', URL, 1, 1],
      ['winHttpProxy', URL, true, '1'],
    ];
    for (const [i, outcome] of (await calls(t, ...wrong)).entries()) {
      t.match(outcome.thrown, /Error: /, JSON.stringify(wrong[i]));
    }
  });
});
