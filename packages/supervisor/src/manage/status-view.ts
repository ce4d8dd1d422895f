/** The status on a terminal or in a file: a label and a value per line. */
import { styleText } from 'node:util';
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
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    colors ? styleText(format, text, { validateStream: false }) : text;
  const rows = lines.map(([label, value, tone]) => {
    const color = COLORS[tone];
    const text = printable(value);
    return `  ${style('dim', label.padEnd(LABEL_WIDTH))}${color === undefined ? text : style(color, text)}`;
  });
  return ['', style('bold', TITLE), '', ...rows, '', ''].join('\n');
};
