/** How commander shows a help of ours. */
import { painter } from '@guruconnect/shared/colors';
import { type Command, Help } from 'commander';
import type { HelpSection } from './help.ts';

/** How the help is shown. */
export interface HelpLook {
  readonly colors: boolean;
  /** Columns; 80 where they are not known. */
  readonly width: number | undefined;
}

const renderSection = (helper: Help, section: HelpSection): readonly string[] => {
  const title = helper.styleTitle(section.title);
  if (section.kind === 'lines') return [title, ...section.lines.map((line) => `  ${line}`), ''];
  const width = Math.max(...section.items.map(([term]) => term.length));
  const rows = section.items.map(([term, description]) =>
    helper.formatItem(term, width, description, helper),
  );
  return [title, ...rows, ''];
};

const fullName = (command: Command): string =>
  command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name();

/** Those of a family stand in the program's help as well, by both their names. */
const leaves = ({ commands }: Command): Command[] =>
  commands.flatMap((child) => (child.commands.length === 0 ? [child] : leaves(child)));

/** @param sections what stands below the options. */
export const dressHelp = (command: Command, sections: readonly HelpSection[], { colors }: HelpLook): void => {
  const paint = painter(colors);
  command.configureHelp({
    styleTitle: (title) => paint('bold', title),
    subcommandTerm: (child) =>
      [fullName(child), ...child.registeredArguments.map((one) => `<${one.name()}>`)].join(' '),
    visibleCommands: leaves,
    formatHelp: (shown, helper) =>
      [
        Help.prototype.formatHelp.call(helper, shown, helper),
        ...sections.flatMap((section) => renderSection(helper, section)),
      ].join('\n'),
  });
};
