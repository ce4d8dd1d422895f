/** What `guruconnect config check` says of facts that are given. */
import { type ConfigSources, judgeConfig } from '@guruconnect/shared/config';
import { type ConfigFacts, configReport } from '@guruconnect/supervisor/config-report';
import { configJson, renderConfig } from '@guruconnect/supervisor/config-view';
import { test } from 'tap';

const RELAY = 'wss://relay.example';
const PATH = '/etc/agent.json';
const SECRET = 'hunter2';

type Given = Partial<ConfigSources> & Partial<Omit<ConfigFacts, 'inspection'>>;

const factsOf = ({ flags = {}, env = {}, file, ...rest }: Given): ConfigFacts => {
  const sources = { flags, env, file };
  const place = { path: flags.config ?? PATH, named: flags.config !== undefined };
  const inspection = { place, sources, ...judgeConfig(sources), config: undefined };
  return { inspection, present: file !== undefined, mode: 0o100600, stored: { kind: 'unknown' }, ...rest };
};
const reportOf = (given: Given) => configReport(factsOf(given));
const fileOf = (content: Readonly<Record<string, unknown>>) => ({ path: PATH, content });
const remarksOf = (given: Given): readonly string[] =>
  reportOf(given).remarks.map(({ level, text }) => `${level}: ${text}`);

test('every key is shown as it counts, with where it comes from, and no secret', (t) => {
  const pins = [`sha256/${'A'.repeat(43)}=`, `sha256/${'b'.repeat(43)}=`];
  const report = reportOf({
    file: fileOf({ relay: `${RELAY}/`, enrollToken: SECRET, ca: 'ca.pem', pins }),
    env: { GURUCONNECT_PROXY: `http://user:${SECRET}@proxy.example:3128` },
    flags: { metricsPort: '9464' },
  });
  t.equal(
    renderConfig(report),
    [
      `valid: ${PATH}`,
      `  relay          ${RELAY.padEnd(104)}  ${PATH}`,
      `  enrollToken    ${'set'.padEnd(104)}  ${PATH}`,
      `  logLevel       ${'info'.padEnd(104)}  default`,
      `  ca             ${'/etc/ca.pem'.padEnd(104)}  ${PATH}`,
      `  proxy          ${'http://proxy.example:3128'.padEnd(104)}  GURUCONNECT_PROXY`,
      `  proxyFallback  ${'none'.padEnd(104)}  default`,
      `  pins           ${pins.join(', ').padEnd(104)}  ${PATH}`,
      `  metricsPort    ${'9464'.padEnd(104)}  --metrics-port`,
      `  workerAccount  ${'own'.padEnd(104)}  default`,
      '',
    ].join('\n'),
  );
  t.notMatch(JSON.stringify(configJson(report)), /hunter2|user/);
  t.same(configJson(report).values['proxy'], {
    value: 'http://proxy.example:3128',
    source: { kind: 'variable', name: 'GURUCONNECT_PROXY' },
  });
  t.end();
});

test("the system's proxy is shown as the word that it is", (t) => {
  const file = fileOf({ relay: RELAY, proxy: 'system' });
  const report = reportOf({ file, mode: 0o100644 });
  t.match(renderConfig(report), /^ {2}proxy +system +\/etc\/agent\.json$/m);
  t.equal(configJson(report).values['proxy']?.value, 'system');
  t.strictSame(report.remarks, [], 'it is no secret');
  t.end();
});

test('what is not set is said to be so, and a file that is not there is', (t) => {
  const report = reportOf({ flags: { relay: RELAY } });
  t.match(renderConfig(report), `valid: ${PATH} (not there: no file is read)\n`);
  t.match(renderConfig(report), /^ {2}proxy +- +not set$/m);
  t.match(configJson(report), { valid: true, file: { path: PATH, present: false, named: false } });
  t.same(configJson(report).values['ca'], { value: null, source: { kind: 'default' } });
  t.end();
});

test('all that is wrong is a line each, with what may have been meant, and there is no table', (t) => {
  const given = { file: fileOf({ relay: 'x', enrolToken: SECRET }), flags: { metricsPort: '0' } };
  t.equal(
    renderConfig(reportOf(given)),
    [
      `not valid: ${PATH}`,
      `error: ${PATH}: enrolToken: unknown key: did you mean "enrollToken"?`,
      `error: ${PATH}: relay: not a URL`,
      'error: --metrics-port: not a port from 1 to 65535',
      '',
    ].join('\n'),
  );
  const json = configJson(reportOf(given));
  t.match(json, { valid: false, values: {} });
  t.same(json.problems, [
    { source: { kind: 'file', name: PATH }, key: 'enrolToken', reason: 'unknown key', meant: 'enrollToken' },
    { source: { kind: 'file', name: PATH }, key: 'relay', reason: 'not a URL' },
    {
      source: { kind: 'flag', name: '--metrics-port' },
      key: 'metricsPort',
      reason: 'not a port from 1 to 65535',
    },
  ]);
  t.end();
});

test('a key that would forge a line or steer the terminal is made harmless', (t) => {
  const text = renderConfig(reportOf({ file: fileOf({ relay: RELAY, 'a\nvalid: b\u001b[2J': 1 }) }));
  t.match(text, 'a\\u000avalid: b\\u001b[2J: unknown key');
  t.equal(text.split('\n').length, 3);
  t.end();
});

const open = { level: 'warning', text: / open to others \(mode 0644\): chmod 600$/ };
test('a file with a secret in it that others may read is warned of, a wrong file too', (t) => {
  const remarks = (content: Readonly<Record<string, unknown>>, mode: number | undefined = 0o100644) =>
    reportOf({ file: fileOf({ relay: RELAY, ...content }), mode }).remarks;
  t.match(remarks({ enrollToken: SECRET }), [
    { ...open, text: `${PATH}: has the enrolment token in it and is open` },
  ]);
  t.match(remarks({ enrollToken: SECRET }), [open]);
  t.match(remarks({ proxy: `http://u:${SECRET}@p` }), [{ ...open, text: "has the proxy's password in it" }]);
  t.match(remarks({ proxy: `http://u:${SECRET}@p:x` }), [open], 'one that is no URL');
  t.match(remarks({ proxy: `http://u:${SECRET}@p`, enrollToken: 'T' }), [
    { ...open, text: "the enrolment token and the proxy's password" },
  ]);
  t.match(remarks({ enrollToken: SECRET, colour: 1 }), [open]);
  for (const mode of [0o100640, 0o100604, 0o100620, 0o100601]) {
    t.equal(remarks({ enrollToken: SECRET }, mode).length, 1, mode.toString(8));
  }
  t.strictSame(remarks({ enrollToken: SECRET }, 0o100600), []);
  t.strictSame(remarks({ enrollToken: SECRET }, 0o100700), []);
  t.strictSame(remarks({ proxy: 'http://u@p', logLevel: 'info' }), [], 'a user is no secret');
  t.notMatch(JSON.stringify(remarks({ proxy: `http://u:${SECRET}@p:x` })), SECRET);
  t.end();
});

test('a mode that says nothing, as on Windows, is no reason to warn', (t) => {
  const file = fileOf({ relay: RELAY, enrollToken: SECRET });
  t.strictSame(reportOf({ file, mode: undefined }).remarks, []);
  t.end();
});

test('a secret of the environment is no reason to warn of the file', (t) => {
  const env = { GURUCONNECT_ENROLL_TOKEN: SECRET };
  t.strictSame(reportOf({ file: fileOf({ relay: RELAY }), env, mode: 0o100644 }).remarks, []);
  t.end();
});

test('a relative path is warned of where it counts, and not in the file, where it is meant from there', (t) => {
  const why = 'a relative path, which means another place wherever the agent is started';
  const relay = RELAY;
  t.strictSame(remarksOf({ flags: { relay, ca: 'ca.pem', data: 'd', config: 'c' } }), [
    `warning: --config: ${why}`,
    `warning: --data: ${why}`,
    `warning: --ca: ${why}`,
  ]);
  const env = { GURUCONNECT_CA: 'ca.pem', GURUCONNECT_DATA: './d' };
  t.strictSame(remarksOf({ flags: { relay }, env }), [
    `warning: GURUCONNECT_DATA: ${why}`,
    `warning: GURUCONNECT_CA: ${why}`,
  ]);
  t.strictSame(remarksOf({ flags: { relay, ca: '/ca.pem', data: '/d' }, env }), [], 'overridden');
  t.strictSame(remarksOf({ flags: { relay }, env: { GURUCONNECT_CA: '', GURUCONNECT_DATA: '' } }), []);
  t.strictSame(remarksOf({ file: fileOf({ relay, ca: 'ca.pem' }) }), []);
  t.end();
});

test('a token beside a credential for this relay is told to be of no need, and from where it is', (t) => {
  const stored = { kind: 'relay', relay: RELAY } as const;
  const words = 'the enrolment token is not needed: a credential for this relay is stored';
  const flags = { relay: `${RELAY}/` };
  t.strictSame(remarksOf({ file: fileOf({ relay: RELAY, enrollToken: 'T' }), stored }), [
    `info: ${PATH}: ${words}`,
  ]);
  t.strictSame(remarksOf({ flags: { ...flags, enrollToken: 'T' }, stored }), [
    `info: --enroll-token: ${words}`,
  ]);
  t.strictSame(remarksOf({ flags, stored }), []);
  const elsewhere = { kind: 'relay', relay: 'wss://other.example' } as const;
  t.strictSame(remarksOf({ flags: { ...flags, enrollToken: 'T' }, stored: elsewhere }), []);
  t.strictSame(remarksOf({ flags: { ...flags, enrollToken: 'T' }, stored: { kind: 'none' } }), []);
  t.end();
});

test('neither credential nor token is warned of, unless nobody can tell', (t) => {
  const flags = { relay: RELAY };
  const end = 'and there is no token to get one: the agent would not start';
  t.strictSame(remarksOf({ flags, stored: { kind: 'none' } }), [
    `warning: enrollToken: no credential is stored, ${end}`,
  ]);
  t.strictSame(remarksOf({ flags, stored: { kind: 'relay', relay: 'wss://other.example' } }), [
    `warning: enrollToken: the stored credential is for another relay, ${end}`,
  ]);
  t.strictSame(remarksOf({ flags, stored: { kind: 'unknown' } }), []);
  t.strictSame(remarksOf({ stored: { kind: 'none' } }), [], 'nor of a configuration that is not valid');
  t.end();
});
