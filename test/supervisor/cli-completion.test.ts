/** Completion: the scripts in their shells, where these are there, and the table in every script. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '@guruconnect/supervisor/cli/command-table';
import { completionScript } from '@guruconnect/supervisor/cli/completion-command';
import { SHELLS } from '@guruconnect/supervisor/cli/completion/shells';
import { visibleOptions } from '@guruconnect/supervisor/cli/options';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const LEVELS = ['debug', 'error', 'info', 'warn'];

/** What is typed, the word that is being completed last; and what may come of it. */
const ASKED: Readonly<Record<string, readonly [typed: readonly string[], found: readonly string[]]>> = {
  'the beginning of a command': [['st'], ['start', 'status', 'stop']],
  'a command': [[''], [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0] ?? '')), 'help'].sort()],
  'the second word of a command': [
    ['config', ''],
    ['check', 'schema'],
  ],
  'a shell': [['completion', ''], [...SHELLS].sort()],
  'the beginning of an option': [
    ['install', '--re'],
    ['--reduced-privileges', '--relay'],
  ],
  'an option after others': [['install', '--relay', 'status', '--quiet', '--tak'], ['--take-over-data']],
  'an option of two words’ command': [['config', 'check', '--js'], ['--json']],
  'an option that another command has': [['stop', '--purge'], []],
  'an option that is hidden': [['worker', '--supervised'], []],
  'a value': [['console', '--log-level', ''], LEVELS],
  'a value that is nobody’s to know': [['console', '--relay', ''], []],
};

/** What is to be run, the script's path before the words; and what it can print besides. */
const ask = (
  program: string,
  code: string,
  script: string,
  words: readonly string[],
): readonly string[] | undefined => {
  const { error, status, stdout, stderr } = spawnSync(program, ['-c', code, script, ...words], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  if (error !== undefined) return undefined;
  if (status !== 0 || stderr !== '') throw new Error(`${program}: ${status ?? 'killed'}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .sort();
};

/** As bash does it: the words, the one that the cursor is in, and the function that was registered. */
const IN_BASH = `source "$0"
COMP_WORDS=(guruconnect "$@"); COMP_CWORD=$#
[[ $(complete -p guruconnect) == *'-F _guruconnect'* ]] || exit 9
_guruconnect; printf '%s\\n' "\${COMPREPLY[@]}"`;

const inBash = (script: string, words: readonly string[]) => ask('bash', IN_BASH, script, words);

const scriptFile = (folder: string, shell: string): string => {
  const path = join(folder, `completion.${shell}`);
  writeFileSync(path, completionScript(shell));
  return path;
};

test('bash completes', (t) => {
  const folder = tempDir(t);
  const script = scriptFile(folder, 'bash');
  if (inBash(script, ['']) === undefined) t.comment('# not checked: bash is not there');
  else {
    for (const [what, [typed, found]] of Object.entries(ASKED)) t.same(inBash(script, typed), found, what);
    // bash parts words at "=".
    t.same(inBash(script, ['console', '--log-level', '=', 'd']), ['debug']);
    t.same(inBash(script, ['console', '--log-level', '=']), LEVELS);
    writeFileSync(join(folder, 'my file.json'), '');
    t.same(inBash(script, ['console', '--config', join(folder, 'my')]), [join(folder, 'my file.json')]);
    t.same(inBash(script, ['console', '--data', join(folder, 'my')]), [], 'a file is no folder');
  }
  t.end();
});

/** fish asks its own way: the whole line, as it stands. */
const inFish = (script: string, words: readonly string[]) =>
  ask(
    'fish',
    'source $argv[1]; complete -C (string join " " -- guruconnect $argv[2..-1])',
    script,
    words,
  )?.map((line) => line.split('\t', 1)[0] ?? '');

test('fish completes', (t) => {
  const folder = tempDir(t);
  // What `fish -c code` has after the code is its argv.
  const script = scriptFile(folder, 'fish');
  if (inFish(script, ['']) === undefined) t.comment('# not checked: fish is not there');
  else for (const [what, [typed, found]] of Object.entries(ASKED)) t.same(inFish(script, typed), found, what);
  t.end();
});

test('zsh reads its script without a complaint', (t) => {
  const script = scriptFile(tempDir(t), 'zsh');
  const { error, status, stderr } = spawnSync('zsh', ['-n', script], { encoding: 'utf8' });
  if (error !== undefined) t.comment('# not checked: zsh is not there');
  else t.equal(status, 0, stderr);
  t.end();
});

for (const shell of SHELLS) {
  test(`the script for ${shell} has every command, and every option with it`, (t) => {
    const script = completionScript(shell);
    for (const command of COMMANDS) {
      t.match(script, `'${command.name}'`);
      const flag = shell === 'fish' ? '-l ' : '--';
      for (const { name } of visibleOptions(command)) t.match(script, `${flag}${name}`);
    }
    for (const word of ['when-abandoned', 'supervised']) t.notMatch(script, word);
    t.notMatch(script, '\r');
    t.end();
  });
}

/** The literals of a PowerShell script, and what is left of it. */
const withoutLiterals = (script: string): string =>
  script
    .replace(/^ *#.*$/gm, '')
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/"(?:[^"`]|`.)*"/g, '""');

test('the script for PowerShell is whole: literals, braces and a registration for both names', (t) => {
  const script = completionScript('powershell');
  const bare = withoutLiterals(script);
  t.notMatch(bare.replaceAll("''", '').replaceAll('""', ''), /['"]/, 'no quote is left open');
  for (const [open, close] of ['()', '{}', '[]']) {
    t.equal(bare.split(open ?? '').length, bare.split(close ?? '').length, `${open ?? ''}${close ?? ''}`);
  }
  t.match(script, /^Register-ArgumentCompleter -Native -CommandName 'guruconnect', 'guruconnect\.exe' /m);
  t.match(script, /^ {4}'--log-level' = @\('error', 'warn', 'info', 'debug'\)$/m);
  t.match(script, /^ {4}'config' = \[ordered\]@\{\n {6}'check' = '.+'\n {6}'schema' = '.+'\n/m);
  t.notMatch(script, /[\u2018\u2019]/, 'which PowerShell takes for quotes');
  t.notMatch(script, /^ {6}'.+' = ''$/m, 'no tip is empty: a result without one is an error');
  t.end();
});

test('a shell that there is no script for is refused, with what may be meant', (t) => {
  t.throws(() => completionScript(undefined), {
    name: 'UsageError',
    message: /^completion: no shell: one of bash/,
  });
  t.throws(() => completionScript('bsh'), { name: 'UsageError', message: /"bsh": did you mean "bash"\?$/ });
  t.throws(() => completionScript('cmd'), { name: 'UsageError', message: /"cmd": one of bash, zsh/ });
  t.end();
});
