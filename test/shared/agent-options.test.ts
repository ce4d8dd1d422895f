import { AGENT_OPTIONS, parseAgentOptions } from '@guruconnect/shared/agent-options';
import { CONFIG_KEYS } from '@guruconnect/shared/config';
import { ENVIRONMENT } from '@guruconnect/shared/environment';
import { UsageError } from '@guruconnect/shared/usage-error';
import { test } from 'tap';

const NOTHING = {
  relay: undefined,
  enrollToken: undefined,
  data: undefined,
  config: undefined,
  logLevel: undefined,
  ca: undefined,
  proxy: undefined,
  proxyFallback: undefined,
  pins: undefined,
  metricsPort: undefined,
  workerAccount: undefined,
};

test('no arguments are no options', (t) => {
  t.strictSame(parseAgentOptions([]).options, NOTHING);
  t.end();
});

test('every shared flag is taken, in both spellings', (t) => {
  const flags: readonly (readonly [flag: string, key: keyof typeof NOTHING])[] = [
    ['--relay', 'relay'],
    ['--enroll-token', 'enrollToken'],
    ['--data', 'data'],
    ['--config', 'config'],
    ['--log-level', 'logLevel'],
    ['--ca', 'ca'],
    ['--proxy', 'proxy'],
    ['--proxy-fallback', 'proxyFallback'],
    ['--pins', 'pins'],
    ['--metrics-port', 'metricsPort'],
    ['--worker-account', 'workerAccount'],
  ];
  const all = Object.fromEntries(flags.map(([flag, key]) => [key, `of ${flag}`]));
  const apart = flags.flatMap(([flag]) => [flag, `of ${flag}`]);
  const joined = flags.map(([flag]) => `${flag}=of ${flag}`);
  t.same(Object.keys(all).sort(), Object.keys(NOTHING).sort());
  t.strictSame(parseAgentOptions(apart).options, all);
  t.strictSame(parseAgentOptions(joined).options, all);
  t.end();
});

test('the last of a flag given twice counts, as in a shell alias', (t) => {
  t.equal(parseAgentOptions(['--relay', 'a', '--relay', 'b']).options.relay, 'b');
  t.end();
});

test('values are not judged here: the file and the environment have them too', (t) => {
  t.equal(parseAgentOptions(['--log-level', 'loud']).options.logLevel, 'loud');
  t.end();
});

test("a command's own flags are parsed along", (t) => {
  const own = { supervised: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  const parsed = parseAgentOptions(['-h', '--relay', 'r', '--supervised'], own);
  t.match(parsed.own, { help: true, supervised: true });
  t.equal(parsed.options.relay, 'r');
  t.equal(parseAgentOptions([], own).own['help'], undefined);
  t.end();
});

test('every key of the configuration, and every variable, has its flag in the table', (t) => {
  const keys = AGENT_OPTIONS.map(({ key }) => key);
  t.same([...keys].sort(), Object.keys(NOTHING).sort());
  for (const key of [...CONFIG_KEYS, ...Object.keys(ENVIRONMENT)])
    t.ok(
      keys.some((known) => known === key),
      key,
    );
  t.end();
});

const refusals: Record<string, [args: string[], message: RegExp]> = {
  'an unknown option': [['--colour'], /^unknown option '--colour'$/],
  'an unknown option with a value': [['--colour=green'], /^unknown option '--colour'$/],
  'an unknown letter': [['-x'], /^unknown option '-x'$/],
  "another command's option": [['--supervised'], /^unknown option '--supervised'$/],
  'an option without its value': [['--relay'], /^option '--relay <value>' argument missing$/],
  'an option in place of a value': [['--relay', '--data'], /^option '--relay' argument is ambiguous\.?$/],
  'a word left over': [['start'], /^unexpected argument 'start'$/],
  'a proxy left over, without its password': [
    ['http://user:hunter2//@proxy.example. 8080'],
    /^unexpected argument 'http:\/\/…@proxy\.example$/,
  ],
  'a word after a double dash': [['--', '--relay'], /^unexpected argument '--relay'$/],
};
for (const [situation, [args, message]] of Object.entries(refusals)) {
  test(`${situation} is refused in one line`, (t) => {
    t.throws(() => parseAgentOptions(args), { name: 'UsageError', message });
    t.throws(() => parseAgentOptions(args), UsageError);
    t.end();
  });
}

test('a value for a flag that has none is refused in one line', (t) => {
  const own = { help: { type: 'boolean' } } as const;
  t.throws(() => parseAgentOptions(['--help=yes'], own), {
    name: 'UsageError',
    message: /^option '--help' [^\n]+$/,
  });
  t.end();
});
