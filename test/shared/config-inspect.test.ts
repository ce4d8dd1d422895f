/** Looking at a configuration, where loading it would throw. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { problemLine } from '@guruconnect/shared/config';
import { configFileOf, inspectConfig, loadConfig } from '@guruconnect/shared/config-file';
import { type Test, test } from 'tap';
import { CA } from '../helpers/certificates.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const RELAY = 'wss://relay.example';
const [certificate = ''] = CA;

/** The configuration's variables are these until the test is over, and no others. */
const environment = (t: Test, variables: Readonly<Record<string, string>> = {}): void => {
  const before = { ...process.env };
  const isOurs = (name: string): boolean => name.startsWith('GURUCONNECT_');
  const put = (wanted: Readonly<Record<string, string | undefined>>): void => {
    for (const name of Object.keys(process.env).filter(isOurs)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, Object.fromEntries(Object.entries(wanted).filter(([name]) => isOurs(name))));
  };
  put(variables);
  t.teardown(() => {
    put(before);
  });
};

/** A data folder with this configuration file in it. */
const withFile = (t: Test, text: string) => {
  const data = tempDir(t);
  const path = join(data, 'config.json');
  writeFileSync(path, text);
  return { data, path };
};

/** A data folder whose configuration names a file of certificates, with this text in it. */
const reading = (t: Test, text: string) => {
  const { data, path } = withFile(t, JSON.stringify({ relay: RELAY, ca: 'ca.pem' }));
  const ca = join(data, 'ca.pem');
  writeFileSync(ca, text);
  return { data, ca, config: path };
};

test('the file that counts is the one that is named, else config.json in the data folder', (t) => {
  environment(t, { GURUCONNECT_DATA: '/of-env' });
  t.strictSame(configFileOf({ config: '/c.json', data: '/d' }), { path: '/c.json', named: true });
  t.strictSame(configFileOf({ data: '/d' }), { path: join(resolve('/d'), 'config.json'), named: false });
  t.strictSame(configFileOf({}), { path: join(resolve('/of-env'), 'config.json'), named: false });
  t.end();
});

test('an inspection of a valid configuration has what is loaded, and the path beside the certificates', (t) => {
  environment(t);
  const { data, ca, config } = reading(t, certificate);
  const inspection = inspectConfig({ data });
  t.strictSame(inspection.config, loadConfig({ data }));
  t.equal(inspection.settings?.ca, ca);
  t.strictSame(inspection.problems, []);
  t.strictSame(inspection.place, { path: config, named: false });
  t.end();
});

test('a file that cannot be understood is told, with what is wrong elsewhere, and not that it had no relay', (t) => {
  environment(t, { GURUCONNECT_LOG_LEVEL: 'loud' });
  const { data, path } = withFile(t, '{');
  const { problems, config, settings } = inspectConfig({ data, metricsPort: '0' });
  t.strictSame(problems.map(problemLine), [
    `${path}: not valid JSON`,
    'GURUCONNECT_LOG_LEVEL: not one of error, warn, info, debug',
    '--metrics-port: not a port from 1 to 65535',
  ]);
  t.strictSame([config, settings], [undefined, undefined]);
  t.end();
});

test('certificates are looked at although something else is wrong, and only where a path is given', (t) => {
  environment(t);
  const { data, ca, config } = reading(t, 'nothing');
  const linesOf = (flags: Parameters<typeof inspectConfig>[0]) =>
    inspectConfig({ data, ...flags }).problems.map(problemLine);
  t.strictSame(linesOf({ logLevel: 'loud' }), [
    '--log-level: not one of error, warn, info, debug',
    `${config}: ca: ${ca}: holds no PEM certificate`,
  ]);
  writeFileSync(config, JSON.stringify({ relay: RELAY, ca: 7 }));
  t.strictSame(linesOf({}), [`${config}: ca: not a text`]);
  t.strictSame(linesOf({ ca: '' }), ['--ca: empty']);
  t.end();
});
