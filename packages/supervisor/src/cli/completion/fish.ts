/** Completion for fish, 3.0 and later. Pure. */
import type { OptionDescription } from '@guruconnect/shared/option-description';
import type { Place } from './model.ts';

const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

const valueOf = ({ value, choices = [], completes }: OptionDescription): string => {
  if (value === undefined) return '';
  if (completes === 'file') return ' -r -F';
  if (completes === 'folder') return " -x -a '(__fish_complete_directories)'";
  return choices.length === 0 ? ' -x' : ` -x -a ${quote(choices.join(' '))}`;
};

const linesOf = ({ path, words, options }: Place, program: string): readonly string[] => {
  const complete = `complete -c ${program} -n ${quote(`__${program}_is_at ${quote(path)}`)}`;
  return [
    ...words.map(({ word, summary }) => `${complete} -a ${quote(word)} -d ${quote(summary)}`),
    ...options.map((option) => {
      const short = option.short === undefined ? '' : ` -s ${option.short}`;
      return `${complete} -l ${option.name}${short}${valueOf(option)} -d ${quote(option.summary)}`;
    }),
  ];
};

/** fish looks for the program by its name alone, with `.exe` or without. */
export const fishCompletion = (places: readonly Place[], [program = '']: readonly string[]): string => {
  const steps = places.flatMap(({ path }) => (path === '' ? [] : [path.includes(' ') ? path : ` ${path}`]));
  return `# fish completion of ${program}: ${program} completion fish | source, in config.fish
function __${program}_is_at
  set -l place ''
  for word in (commandline -opc)[2..-1]
    switch "$place $word"
      case ${steps.map(quote).join(' ')}
        set place (string trim -- "$place $word")
    end
  end
  test "$place" = "$argv[1]"
end
complete -c ${program} -f
${places.flatMap((place) => linesOf(place, program)).join('\n')}
`;
};
