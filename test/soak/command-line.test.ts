import { test } from 'tap';
import { USAGE, parseCommandLine } from './command-line.ts';
import { EVENT_KINDS } from './storm/event.ts';

const parse = (line: string) => parseCommandLine(line.split(' ').filter(Boolean), () => 42);

test('a storm draws its seed where it is given none, and has all events', (t) => {
  t.same(parse('--minutes 30'), {
    kind: 'storm',
    minutes: 30,
    seed: 42,
    only: new Set(EVENT_KINDS),
    json: false,
    leak: false,
  });
  t.match(parse('--minutes 0.5 --seed 7 --only stop,flood --json --leak'), {
    seed: 7,
    only: new Set(['stop', 'flood']),
    json: true,
    leak: true,
  });
  t.end();
});

test('cycles and reconnects are asked for as before', (t) => {
  t.match(parse('--cycles 60'), { kind: 'cycles', cycles: 60, seed: 1, windows: false, token: 'soak' });
  t.match(parse('--cycles 20 --windows --seed 3'), { windows: true, seed: 3 });
  t.match(parse('--cycles 20 --relay ws://127.0.0.1:1 --token T'), { relay: 'ws://127.0.0.1:1', token: 'T' });
  t.same(parse('--reconnects 6000'), { kind: 'reconnects', count: 6000, token: 'soak' });
  t.end();
});

test('--help says what each option is for', (t) => {
  t.same(parse('--help'), { kind: 'help' });
  for (const option of [
    'minutes',
    'cycles',
    'reconnects',
    'seed',
    'only',
    'json',
    'leak',
    'windows',
    'relay',
  ])
    t.match(USAGE, new RegExp(`--${option}\\b`));
  t.end();
});

for (const [line, why] of [
  ['', 'one of --minutes, --cycles, --reconnects is wanted'],
  ['--minutes 1 --cycles 1', 'one of --minutes, --cycles, --reconnects is wanted'],
  ['--minutes soon', '--minutes: a number from 0.01 to 10080 is wanted, and not soon'],
  ['--minutes 0', '--minutes: a number from 0.01 to 10080 is wanted, and not 0'],
  ['--minutes 1 --seed 1.5', '--seed: a whole number is wanted, and not 1.5'],
  ['--minutes 1 --only rain', '--only: crash,stop,relay-restart,partition,flood, and not "rain"'],
  ['--minutes 1 --windows', '--windows has no meaning with --minutes'],
  ['--reconnects 5 --seed 1', '--seed has no meaning with --reconnects'],
  ['--cycles 0', '--cycles: a number from 1 to 9007199254740991 is wanted, and not 0'],
  ['--storm', "Unknown option '--storm'"],
] as const) {
  test(`"${line}" is refused in one line`, (t) => {
    t.same(parse(line), { kind: 'usage-error', why });
    t.end();
  });
}
