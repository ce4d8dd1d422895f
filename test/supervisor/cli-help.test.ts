/** The help as a person reads it: of every command in the table, and of the program. */
import { exitCodesOf } from '@guruconnect/shared/exit-codes';
import { COMMANDS } from '@guruconnect/supervisor/cli/command-table';
import { optionsOf, visibleOptions } from '@guruconnect/supervisor/cli/options';
import { parseCommandLine } from '@guruconnect/supervisor/cli/parser';
import { test } from 'tap';

const help = (args: readonly string[], colors = false, width?: number): string => {
  const line = parseCommandLine([...args, '--help'], { colors, width });
  return line.kind === 'help' ? line.text : '';
};

/** Wrapping parts words, and no more: a text is there if its words are. */
const words = (text: string): string => text.replace(/\s+/g, ' ');

for (const command of COMMANDS) {
  const text = help(command.name.split(' '));
  const lines = text.split('\n');

  test(`the help of ${command.name} says how it is written, what it does, and what it ends with`, (t) => {
    t.match(lines[0], new RegExp(`^Usage: guruconnect ${command.name} \\[options\\]`));
    t.match(words(text).toLowerCase(), command.summary.toLowerCase());
    for (const { line, what } of command.examples) {
      t.ok(lines.includes(`    ${line}`), line);
      t.ok(lines.includes(`  ${what}:`), what);
    }
    for (const { code, meaning } of exitCodesOf(command.name)) t.match(words(text), `${code} ${meaning}`);
    t.end();
  });

  test(`the help of ${command.name} has every option that a person can use, and no other`, (t) => {
    for (const { name, value, summary } of visibleOptions(command)) {
      t.match(
        text,
        new RegExp(
          `^  (?:-\\w, )?--${name}${value === undefined ? '' : ` <${value.replace('|', '\\|')}>`} `,
          'm',
        ),
      );
      t.match(words(text), summary);
    }
    const { own, agent } = optionsOf(command);
    for (const { name, hidden } of [...own, ...agent]) {
      if (hidden === true) t.notMatch(text, new RegExp(`--${name} `));
    }
    t.end();
  });

  test(`the help of ${command.name} fits a terminal of 80 columns`, (t) => {
    t.same(
      lines.filter((line) => line.length > 80),
      [],
    );
    t.end();
  });
}

test('the help of the program has every command with what it does, below its heading', (t) => {
  const text = help([]);
  for (const { name, group, summary } of COMMANDS) {
    t.match(text, new RegExp(`^  ${name}(?: <|  )`, 'm'));
    t.match(words(text), summary);
    t.match(text, `\n${group}\n`);
  }
  for (const option of ['-h, --help', '-V, --version', '--verbose']) t.match(text, `\n  ${option} `);
  t.ok(text.split('\n').every((line) => line.length <= 80));
  t.end();
});

test('the help of a family has its commands by both their names', (t) => {
  t.match(help(['config']), /^Usage: guruconnect config <command>/);
  t.match(help(['config']), /^ {2}config check .*^ {2}config schema /ms);
  t.notMatch(help(['config']), 'uninstall');
  t.end();
});

test('what is hidden stays hidden', (t) => {
  t.notMatch(help(['start']), 'when-abandoned');
  t.notMatch(help(['worker']), 'supervised');
  t.end();
});

test('headings are bold where there are colours, and a wide terminal is used', (t) => {
  t.match(help(['install'], true), '\u001b[1mExamples:');
  t.notMatch(help(['install']), '\u001b');
  t.ok(
    help(['install'], false, 200)
      .split('\n')
      .some((line) => line.length > 100),
  );
  t.end();
});
