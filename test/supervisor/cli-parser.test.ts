/** What a command line is taken for, before anything is loaded or run. */
import { AGENT_OPTIONS } from '@guruconnect/shared/agent-options';
import type { OptionDescription } from '@guruconnect/shared/option-description';
import type { CommandDescription } from '@guruconnect/supervisor/cli/command-description';
import { COMMANDS } from '@guruconnect/supervisor/cli/command-table';
import { optionsOf } from '@guruconnect/supervisor/cli/options';
import { type CommandLine, parseCommandLine } from '@guruconnect/supervisor/cli/parser';
import { test } from 'tap';

const parse = (...args: readonly string[]): CommandLine =>
  parseCommandLine(args, { colors: false, width: undefined });

type Run = Extract<CommandLine, { kind: 'run' }>;
const run = (...args: readonly string[]): Run => {
  const line = parse(...args);
  if (line.kind !== 'run') throw new Error(`${args.join(' ')}: ${line.kind}`);
  return line;
};

const allOptions = (command: CommandDescription): readonly OptionDescription[] => {
  const { own, agent } = optionsOf(command);
  return [...own, ...agent];
};

for (const command of COMMANDS) {
  const words = command.name.split(' ');

  test(`${command.name} is taken alone, and with every option it has, in every spelling`, (t) => {
    t.equal(run(...words).command, command);
    for (const { name, short, value } of allOptions(command)) {
      const spellings = value === undefined ? [[`--${name}`]] : [[`--${name}`, 'v'], [`--${name}=v`]];
      if (short !== undefined) spellings.push(value === undefined ? [`-${short}`] : [`-${short}`, 'v']);
      for (const spelling of spellings) {
        t.equal(run(...words, ...spelling).own[name], value === undefined ? true : 'v', spelling.join(' '));
      }
    }
    t.end();
  });

  test(`${command.name} has examples, and they are what it takes`, (t) => {
    t.ok(command.examples.length > 0);
    for (const { line } of command.examples) {
      const [, typed = ''] = /\bguruconnect ([^|)]*)/.exec(line) ?? [];
      t.equal(run(...typed.trim().split(' ')).command, command, line);
    }
    t.end();
  });
}

test('an option of one name has a value in every command or in none: completion and the check for values rely on it', (t) => {
  const kinds = new Map<string, boolean>();
  for (const { name, value } of COMMANDS.flatMap(allOptions)) {
    t.equal(kinds.get(name) ?? value !== undefined, value !== undefined, name);
    kinds.set(name, value !== undefined);
  }
  t.end();
});

test('the agent’s options come with their keys, and those not given as undefined', (t) => {
  const flags = AGENT_OPTIONS.map(({ name }) => `--${name}=of ${name}`);
  const { options, own } = run('console', ...flags, '--exit-after', '5');
  t.strictSame(options, Object.fromEntries(AGENT_OPTIONS.map(({ key, name }) => [key, `of ${name}`])));
  t.equal(own['exit-after'], '5');
  t.equal(own['stop-with-parent'], undefined);
  t.ok(Object.values(run('console').options).every((value) => value === undefined));
  t.end();
});

test('the last of an option given twice counts; --no-start is a switch of its own; letters can be joined', (t) => {
  t.equal(run('install', '--relay', 'a', '--relay', 'b').options.relay, 'b');
  t.equal(run('install', '--no-start', '--no-start').own['no-start'], true);
  t.equal(run('install').own['no-start'], undefined);
  t.equal(run('stop', '-qq', '--json').own['quiet'], true);
  t.end();
});

test('values are taken as they are: nothing but emptiness is judged here', (t) => {
  t.equal(run('install', '--log-level', 'loud').options.logLevel, 'loud');
  t.equal(run('install', '--relay=-x').options.relay, '-x');
  t.equal(run('console', '--exit-after=-1').own['exit-after'], '-1');
  t.equal(run('install', '--relay', '-').options.relay, '-');
  t.equal(run('install', '--proxy=a=b').options.proxy, 'a=b');
  t.end();
});

test('--verbose stands before the command or behind it, as often as one likes', (t) => {
  t.equal(run('--verbose', 'stop').own['verbose'], true);
  t.equal(run('config', 'check', '--verbose').own['verbose'], true);
  const often = Array.from({ length: 50_000 }, () => '--verbose');
  t.equal(run(...often, 'config', 'check').own['verbose'], true);
  t.same(run('--verbose', 'completion', '--', 'bash').operands, ['bash'], 'not behind a double dash');
  t.equal(parse('--verbose', '--verbose', 'help', 'status').kind, 'help');
  t.end();
});

test('a help and a version are asked for in all the usual ways', (t) => {
  const asked = [
    ['--help'],
    ['-h'],
    ['help'],
    ['help', 'help'],
    ['help', '--help'],
    ['install', '-h'],
    ['help', 'config', 'check'],
    ['config', '--help'],
  ];
  for (const args of asked) t.equal(parse(...args).kind, 'help', args.join(' '));
  t.equal(parse('install', '--bogus', '--help').kind, 'help', 'whatever else is wrong');
  for (const args of [['--version'], ['-V'], ['--verbose', '--version']]) {
    t.equal(run(...args).command.name, 'version');
  }
  t.equal(run('--version', '--json').own['json'], true);
  t.end();
});

/** Nothing but `hunter2` is a secret here. */
const REFUSED: Readonly<Record<string, readonly [args: readonly string[], message: string]>> = {
  'no command': [[], 'no command: try "guruconnect --help"'],
  'nothing but an option': [['--verbose'], 'no command: try "guruconnect --help"'],
  'nothing but an option, twice': [['--verbose', '--verbose'], 'no command: try "guruconnect --help"'],
  'a command with two letters swapped': [['statsu'], 'unknown command "statsu": did you mean "status"?'],
  'a command with a letter missing': [['instal', '--x'], 'unknown command "instal": did you mean "install"?'],
  'a command like no other': [['frobnicate'], 'unknown command "frobnicate": try "guruconnect --help"'],
  'help of a command that there is not': [['hlep'], 'unknown command "hlep": did you mean "help"?'],
  'a command that is a URL': [
    ['http://me:hunter2@p/'],
    'unknown command "http://…@p/": try "guruconnect --help"',
  ],
  'half a command': [['config'], 'config: no command: "config check" or "config schema"'],
  'half a command with a slip': [
    ['config', 'chekc', '--help'],
    'config: unknown command "chekc": did you mean "config check"?',
  ],
  'an option with a slip': [
    ['install', '--rellay', 'x'],
    `unknown option '--rellay': did you mean "--relay"?`,
  ],
  'an option as the file has it': [
    ['install', '--enrollToken=hunter2'],
    `unknown option '--enrollToken': did you mean "--enroll-token"?`,
  ],
  'an option of another command': [
    ['stop', '--purge'],
    `unknown option '--purge': try "guruconnect stop --help"`,
  ],
  'a configuration for install, which writes it': [
    ['install', '--config', 'x'],
    `unknown option '--config': try "guruconnect install --help"`,
  ],
  'an option of nobody': [['--frob'], `unknown option '--frob': try "guruconnect --help"`],
  'an option with a slip, before the command': [
    ['--versoin'],
    `unknown option '--versoin': did you mean "--version"?`,
  ],
  'a letter of nobody, with more behind it': [
    ['install', '-xhunter2'],
    `unknown option '-x': try "guruconnect install --help"`,
  ],
  'a value for a switch': [['install', '--json=yes'], `option '--json' takes no value`],
  'a value for the help': [['install', '--help=yes'], `option '--help' takes no value`],
  'a value that is missing': [['install', '--relay'], `option '--relay' needs a value: --relay=<url>`],
  'an option in place of a value': [
    ['install', '--enroll-token', '-hunter2'],
    `option '--enroll-token' needs a value: --enroll-token=<token>, in this form where it begins with a dash`,
  ],
  'an empty value': [['install', '--relay='], '--relay: empty'],
  'an empty value that stands apart': [['install', '--relay', ''], '--relay: empty'],
  'a word too many': [['install', 'now'], `unexpected argument 'now': try "guruconnect install --help"`],
  'a word too many before an option': [
    ['install', 'now', '--relay', 'x'],
    `unexpected argument 'now': try "guruconnect install --help"`,
  ],
  'a proxy whose password has a space': [
    ['install', '--proxy', 'http://bob:hun', 'hunter2@host', '--json'],
    `unexpected argument behind '--proxy' and its value: a value with spaces needs quotes`,
  ],
  'a token with a space, and a switch behind it': [
    ['console', '--enroll-token=hun', '--verbose', 'hunter2'],
    `unexpected argument behind '--enroll-token' and its value: a value with spaces needs quotes`,
  ],
  'a second number of lines': [
    ['logs', '-n5', 'hunter2'],
    `unexpected argument behind '-n' and its value: a value with spaces needs quotes`,
  ],
  'an empty word too many': [['install', ''], `unexpected argument '': try "guruconnect install --help"`],
  'a token behind an empty flag': [['install', '--enroll-token=', 'hunter2'], '--enroll-token: empty'],
  'a word behind a double dash': [
    ['install', '--', '--relay'],
    `unexpected argument '--relay': try "guruconnect install --help"`,
  ],
  'a second shell': [
    ['completion', 'bash', 'zsh'],
    `unexpected argument 'zsh': try "guruconnect completion --help"`,
  ],
};
for (const [situation, [args, message]] of Object.entries(REFUSED)) {
  test(`${situation} is refused in one line that says what to do`, (t) => {
    t.throws(() => parse(...args), { name: 'UsageError', message });
    t.notMatch(message, 'hunter2');
    t.end();
  });
}
