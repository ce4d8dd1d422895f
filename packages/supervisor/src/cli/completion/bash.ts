/** Completion for bash, 3.2 and later. Pure. */
import { type Place, valuedOptions } from './model.ts';

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** `--name a b` */
const flags = ({ options }: Place): string => options.map(({ name }) => `--${name}`).join(' ');

const cases = (lines: readonly string[]): string => lines.map((line) => `      ${line}`).join('\n');

const filesOf = (flag: string): string =>
  `local IFS=$'\\n'; COMPREPLY=($(compgen ${flag} -- "$cur")); compopt -o filenames 2>/dev/null; return`;

const valueCase = ({ name, choices, completes }: ReturnType<typeof valuedOptions>[number]): string => {
  if (completes !== undefined) return `--${name}) ${filesOf(completes === 'file' ? '-f' : '-d')} ;;`;
  const words = quote((choices ?? []).join(' '));
  return `--${name}) COMPREPLY=($(compgen -W ${words} -- "$cur")); return ;;`;
};

/** @param names of the program, as it may be typed. */
export const bashCompletion = (places: readonly Place[], names: readonly string[]): string => {
  const [program = ''] = names;
  const steps = places.flatMap(({ path }) => (path === '' ? [] : [path.includes(' ') ? path : ` ${path}`]));
  return `# bash completion of ${program}: eval "$(${program} completion bash)" in ~/.bashrc
_${program}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path='' words='' flags='' i
  # bash parts at "=": --log-level=debug is three words.
  if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  case $prev in
${cases(valuedOptions(places).map(valueCase))}
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
      ${steps.map(quote).join('|')})
        path="\${path:+$path }\${COMP_WORDS[i]}" ;;
    esac
  done
  case $path in
${cases(places.map((place) => `${quote(place.path)}) words=${quote(place.words.map(({ word }) => word).join(' '))}; flags=${quote(flags(place))} ;;`))}
  esac
  if [[ $cur == -* || -z $words ]]; then words=$flags; fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _${program} ${names.join(' ')}
`;
};
