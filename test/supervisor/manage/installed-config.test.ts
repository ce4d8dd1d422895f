import { join } from 'node:path';
import { isOwnFile } from '@guruconnect/shared/data-folder';
import { installedConfig } from '@guruconnect/supervisor/manage/installed-config';
import { UsageError } from '@guruconnect/shared/usage-error';
import { test } from 'tap';
import { ROOT } from '../../helpers/program.ts';

const PATH = 'config.json';
const PINS = ['A', 'b'].map((letter) => `sha256/${letter.repeat(43)}=`);
const parse = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));

test('a first installation writes what was given', (t) => {
  const { text, hasToken, certificates } = installedConfig(
    PATH,
    undefined,
    { relay: 'wss://r', enrollToken: 'T' },
    {},
  );
  t.same(parse(text), { relay: 'wss://r', enrollToken: 'T' });
  t.equal(certificates, undefined);
  t.ok(hasToken);
  t.end();
});

test('the environment is given as well, and the command line wins', (t) => {
  const env = { GURUCONNECT_RELAY: 'wss://env', GURUCONNECT_ENROLL_TOKEN: 'E' };
  const { text } = installedConfig(PATH, undefined, { relay: 'wss://flag' }, env);
  t.same(parse(text), { relay: 'wss://flag', enrollToken: 'E' });
  t.end();
});

test('an update keeps what is not given, and writes nothing where nothing changes', (t) => {
  const former = `${JSON.stringify({ relay: 'wss://r', enrollToken: 'T', logLevel: 'debug' }, undefined, 2)}\n`;
  t.equal(installedConfig(PATH, former, {}, {}).text, undefined);
  t.equal(installedConfig(PATH, former, { relay: 'wss://r' }, {}).text, undefined);
  const { text } = installedConfig(PATH, former, { relay: 'wss://other' }, {});
  t.same(parse(text), { relay: 'wss://other', enrollToken: 'T', logLevel: 'debug' });
  t.end();
});

const REFUSED: Readonly<
  Record<string, readonly [string | undefined, Parameters<typeof installedConfig>[2], RegExp]>
> = {
  'no relay at all': [undefined, {}, /no relay is configured/],
  'a relay that is none': [undefined, { relay: 'http://r' }, /--relay: not a ws/],
  'a file that is no JSON': ['{', { relay: 'wss://r' }, /config\.json: not valid JSON/],
  'a pin alone': [undefined, { relay: 'wss://r', pins: PINS[0] }, /--pins: is not two/],
  'a port that is none': [undefined, { relay: 'wss://r', metricsPort: '0' }, /--metrics-port: not a/],
  'a fallback that is none': [
    undefined,
    { relay: 'wss://r', proxyFallback: 'no' },
    /--proxy-fallback: not one of/,
  ],
  'what the file has wrong': ['{"relay":"http://r"}', {}, /config\.json: relay: not a ws/],
  'a file with an unknown key': ['{"rely":"wss://r"}', { relay: 'wss://r' }, /rely: unknown key/],
};
for (const [what, [former, options, message]] of Object.entries(REFUSED)) {
  test(`refused before anything is written: ${what}`, (t) => {
    t.throws(() => installedConfig(PATH, former, options, {}), { name: UsageError.name, message });
    t.end();
  });
}

test('certificates are copied, and the copy is named by its hash, from the folder of the configuration', (t) => {
  const ca = join(ROOT, 'test', 'fixtures', 'tls', 'ca.pem');
  const { text, certificates } = installedConfig(PATH, undefined, { relay: 'wss://r', ca }, {});
  t.match(certificates?.name, /^ca-[0-9a-f]{16}\.pem$/);
  t.match(certificates?.text, /^-----BEGIN CERTIFICATE-----[^]*-----END CERTIFICATE-----\n$/);
  t.same(parse(text), { relay: 'wss://r', ca: certificates?.name });
  t.ok(isOwnFile(certificates?.name ?? ''), 'and is known as the agent’s own');
  t.throws(() => installedConfig(PATH, undefined, { relay: 'wss://r', ca: PATH }, {}), {
    message: /^--ca: ENOENT/,
  });
  t.end();
});

test('a proxy is written as it was given, and a wrong one is not quoted', (t) => {
  const proxy = 'http://me:secret@proxy.example:3128';
  const { text } = installedConfig(PATH, undefined, { relay: 'wss://r', proxy }, {});
  t.same(parse(text), { relay: 'wss://r', proxy });
  t.throws(() => installedConfig(PATH, undefined, { relay: 'wss://r', proxy: 'ftp://me:secret@p' }, {}), {
    message: /^--proxy: not an http(?!.*secret)/,
  });
  t.end();
});

test('pins and a port are written as a list and a number, the fallback as it was given', (t) => {
  const env = { GURUCONNECT_METRICS_PORT: '9464' };
  const options = { relay: 'wss://r', pins: PINS.join(' '), proxyFallback: 'direct' };
  const { text } = installedConfig(PATH, undefined, options, env);
  t.same(parse(text), { relay: 'wss://r', pins: PINS, metricsPort: 9464, proxyFallback: 'direct' });
  t.equal(installedConfig(PATH, text, options, env).text, undefined, 'given again, nothing changes');
  t.end();
});

test('what an administrator has written into the file stays as it is written, an editor’s $schema too', (t) => {
  const former = { $schema: './s.json', relay: 'wss://r', pins: PINS.join(','), metricsPort: '9464' };
  const { text } = installedConfig(PATH, JSON.stringify(former), { logLevel: 'warn' }, {});
  t.same(parse(text), { ...former, logLevel: 'warn' });
  t.end();
});
