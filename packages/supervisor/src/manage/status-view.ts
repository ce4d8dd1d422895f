/** The status on a terminal or in a file: a label and a value per line. */
import { painter } from '@guruconnect/shared/colors';
import { printable } from '@guruconnect/shared/printable';
import type { Line, Tone } from './status-report.ts';

const LABEL_WIDTH = 12;
const TITLE = 'GuruConnect agent';
const COLORS: Readonly<Record<Tone, 'green' | 'yellow' | 'red' | undefined>> = {
  good: 'green',
  busy: 'yellow',
  bad: 'red',
  plain: undefined,
};

/** Some of the text was chosen by the relay: it is made fit for a terminal. */
export const renderStatus = (lines: readonly Line[], colors: boolean): string => {
  const paint = painter(colors);
  const rows = lines.map(([label, value, tone]) => {
    const color = COLORS[tone];
    const text = printable(value);
    return `  ${paint('dim', label.padEnd(LABEL_WIDTH))}${color === undefined ? text : paint(color, text)}`;
  });
  return ['', paint('bold', TITLE), '', ...rows, '', ''].join('\n');
};
