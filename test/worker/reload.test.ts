import type { Config } from '@guruconnect/shared/config';
import { CONFIG_KEYS } from '@guruconnect/shared/config';
import { changedKeys, planReload } from '@guruconnect/worker/reload';
import { test } from 'tap';

const pin = (letter: string): string => `sha256/${letter.repeat(43)}=`;
const BEFORE: Config = {
  relay: 'wss://relay.example',
  enrollToken: 'T',
  logLevel: 'info',
  ca: ['first'],
  proxy: 'http://proxy.example/',
  proxyFallback: 'none',
  pins: [pin('A'), pin('B')],
  metricsPort: 9464,
  workerAccount: 'own',
};
const NONE = { relay: false, way: false, token: false, logLevel: false, metrics: false, restart: false };

test('the same configuration, read again, changes nothing', (t) => {
  t.strictSame(planReload(BEFORE, structuredClone(BEFORE)), { kind: 'nothing' });
  t.strictSame(changedKeys(BEFORE, structuredClone(BEFORE)), []);
  t.end();
});

type Key = keyof Config;
const CHANGES: Readonly<Record<Key, readonly [other: Config[Key], part: keyof typeof NONE]>> = {
  relay: ['wss://other.example', 'relay'],
  enrollToken: ['U', 'token'],
  logLevel: ['debug', 'logLevel'],
  ca: [['second'], 'way'],
  proxy: ['http://other.example/', 'way'],
  proxyFallback: ['direct', 'way'],
  pins: [[pin('A'), pin('C')], 'way'],
  metricsPort: [9465, 'metrics'],
  workerAccount: ['local-service', 'restart'],
};

for (const [key, [other, part]] of Object.entries(CHANGES)) {
  test(`another ${key} is a change of ${part}, and of nothing else`, (t) => {
    const expected = { kind: 'change', ...NONE, [part]: true };
    t.strictSame(planReload(BEFORE, { ...BEFORE, [key]: other }), expected);
    t.strictSame(changedKeys(BEFORE, { ...BEFORE, [key]: other }), [key]);
    t.end();
  });
}

for (const key of ['enrollToken', 'ca', 'proxy', 'pins', 'metricsPort'] as const) {
  test(`a ${key} that is taken away, or comes, is a change like another one`, (t) => {
    const { [key]: _gone, ...without } = BEFORE;
    const expected = { kind: 'change', ...NONE, [CHANGES[key][1]]: true };
    t.strictSame(planReload(BEFORE, without), expected);
    t.strictSame(planReload(without, BEFORE), expected);
    t.strictSame(planReload({ ...without, [key]: undefined }, without), { kind: 'nothing' });
    t.end();
  });
}

test('every key has a meaning, and all of them at once have all of it', (t) => {
  const after = Object.fromEntries(Object.entries(CHANGES).map(([key, [other]]) => [key, other]));
  t.strictSame(changedKeys(BEFORE, after as unknown as Config).toSorted(), CONFIG_KEYS.toSorted());
  t.strictSame(planReload(BEFORE, after as unknown as Config), {
    kind: 'change',
    relay: true,
    way: true,
    token: true,
    logLevel: true,
    metrics: true,
    restart: true,
  });
  t.end();
});
