/** Completion for zsh. Pure. */
import type { OptionDescription } from '@guruconnect/shared/option-description';
import type { Place } from './model.ts';

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
/** What a colon or a bracket would end. */
const escape = (text: string): string => text.replace(/[\\:[\]]/g, '\\$&');

const actionOf = ({ choices, completes }: OptionDescription): string => {
  if (completes !== undefined) return completes === 'file' ? '_files' : '_files -/';
  return choices === undefined ? ' ' : `(${choices.join(' ')})`;
};

const specOf = (option: OptionDescription): string => {
  const { name, value, summary } = option;
  const about = `[${escape(summary)}]`;
  return quote(
    value === undefined ? `--${name}${about}` : `--${name}=${about}:${escape(value)}:${actionOf(option)}`,
  );
};

const caseOf = ({ path, words, options }: Place): string => {
  const described = words.map(({ word, summary }) => quote(`${escape(word)}:${summary}`));
  const offered =
    words.length === 0
      ? []
      : [`[[ $PREFIX == -* ]] || { words_=(${described.join(' ')}); _describe 'command' words_; return }`];
  // What comes before the place was looked at already, and is not looked at again.
  const specs = [...options.map(specOf), quote('*: : ')];
  return [
    `    ${quote(path)})`,
    ...[...offered, `_arguments ${specs.join(' ')}`].map((line) => `      ${line}`),
    '      ;;',
  ].join('\n');
};

/** @param names of the program, as it may be typed. */
export const zshCompletion = (places: readonly Place[], names: readonly string[]): string => {
  const [program = ''] = names;
  const steps = places.flatMap(({ path }) => (path === '' ? [] : [path.includes(' ') ? path : ` ${path}`]));
  return `#compdef ${names.join(' ')}
# zsh completion of ${program}: source <(${program} completion zsh) in ~/.zshrc, after compinit
_${program}() {
  local place='' word
  local -a words_
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in
      ${steps.map(quote).join('|')}) place="\${place:+$place }$word" ;;
    esac
  done
  case $place in
${places.map(caseOf).join('\n')}
  esac
}
if [[ $funcstack[1] == _${program} ]]; then _${program} "$@"; else compdef _${program} ${names.join(' ')}; fi
`;
};
