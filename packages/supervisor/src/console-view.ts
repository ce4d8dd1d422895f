/** Shows the status: redrawn in place on a terminal, a plain line per change elsewhere. */
import { painter, usesColors } from '@guruconnect/shared/colors';
import { printable } from '@guruconnect/shared/printable';
import { createLogUpdate } from 'log-update';
import { type ConsoleStatus, describeLink, statusLines } from './console-status.ts';

export interface ConsoleView {
  show(status: ConsoleStatus): void;
  close(): void;
}

const REDRAW_MS = 1000;
const LABEL_WIDTH = 12;
const INDENT = '  ';
const TITLE = 'GuruConnect agent';
const HINT_COLUMNS = 40;
/** It is drawn on a terminal only. */
const paint = painter(usesColors({ isTTY: true }, process.env));

const colorOf = (value: string): 'green' | 'yellow' | 'red' | undefined => {
  if (value === 'running' || value.startsWith('online')) return 'green';
  if (/^(waiting|stopping|starting|connecting|enrolling|closing)/.test(value)) return 'yellow';
  return undefined;
};

/** One line, cut to `width` columns: a wrapped one could not be drawn over. Some of the text was chosen by the relay. */
const paintLine = ([label, value]: readonly [string, string], width: number): string => {
  const text = printable(value);
  const room = width - LABEL_WIDTH - INDENT.length;
  const cut = text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text;
  const color = label === 'note' ? 'red' : colorOf(value);
  return `${INDENT}${paint('dim', label.padEnd(LABEL_WIDTH))}${color === undefined ? cut : paint(color, cut)}`;
};

/** @param uptime milliseconds since the start, asked at every drawing. */
const terminalView = (output: NodeJS.WriteStream, uptime: () => number, logs: string): ConsoleView => {
  const draw = createLogUpdate(output, { showCursor: true });
  let current: ConsoleStatus | undefined;
  const picture = (width: number): string => {
    if (current === undefined) return '';
    const hint =
      current.service === 'running' && width >= HINT_COLUMNS ? paint('dim', '  Ctrl-C stops it') : '';
    const lines = statusLines(current, uptime(), logs).map((line) => paintLine(line, width));
    return ['', `${paint('bold', TITLE)}${hint}`, '', ...lines, ''].join('\n');
  };
  const redraw = (): void => {
    draw(picture(output.columns));
  };
  const onResize = (): void => {
    draw.clear();
    redraw();
  };
  const timer = setInterval(redraw, REDRAW_MS);
  output.on('resize', onResize);
  return {
    show: (status) => {
      current = status;
      redraw();
    },
    close: () => {
      clearInterval(timer);
      output.off('resize', onResize);
      draw.clear();
      output.write(`${picture(Infinity)}\n`);
    },
  };
};

const plainView = (output: NodeJS.WritableStream, logs: string): ConsoleView => {
  const said: Record<string, string> = {};
  const say = (label: string, value: string | undefined): void => {
    if (value === undefined || said[label] === value) return;
    said[label] = value;
    output.write(`${label}: ${printable(value)}\n`);
  };
  say('logs', logs);
  return {
    show: (status) => {
      say('service', status.service);
      say('worker', status.workerPid === undefined ? undefined : `pid ${status.workerPid}`);
      say('link', status.beat === undefined ? undefined : describeLink(status.beat));
      say('note', status.note);
    },
    close: () => undefined,
  };
};

/** A terminal that does not tell its size (a serial line, say) gets plain lines: there is no place to draw in. */
export const openConsoleView = (uptime: () => number, logs: string): ConsoleView =>
  process.stdout.isTTY && process.stdout.columns > 0
    ? terminalView(process.stdout, uptime, logs)
    : plainView(process.stdout, logs);
