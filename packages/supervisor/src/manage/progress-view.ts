/** Shows what is being waited for: on a terminal in place, with the time; elsewhere a line each; or nothing. */
import { createLogUpdate } from 'log-update';
import { formatBound, formatDuration } from '../duration.ts';
import type { Progress } from './ports.ts';

export interface ProgressView extends Progress {
  /** Takes away what was drawn in place. */
  end(): void;
}

const REDRAW_MS = 250;

const describe = (what: string, limitMs: number | undefined): string =>
  limitMs === undefined ? what : `Waiting for ${what}, at most ${formatBound(limitMs)}`;

const terminalProgress = (output: NodeJS.WriteStream): ProgressView => {
  const draw = createLogUpdate(output, { showCursor: true });
  let current: { readonly text: string; readonly since: number } | undefined;
  const redraw = (): void => {
    if (current === undefined) return;
    const elapsed = performance.now() - current.since;
    draw(elapsed < 1000 ? `${current.text}...` : `${current.text}... ${formatDuration(elapsed)}`);
  };
  const timer = setInterval(redraw, REDRAW_MS);
  return {
    step: (what, limitMs) => {
      current = { text: describe(what, limitMs), since: performance.now() };
      redraw();
    },
    end: () => {
      clearInterval(timer);
      draw.clear();
    },
  };
};

const lineProgress = (output: NodeJS.WritableStream): ProgressView => {
  let said = '';
  return {
    step: (what, limitMs) => {
      const line = describe(what, limitMs);
      if (line !== said) output.write(`${line}\n`);
      said = line;
    },
    end: () => undefined,
  };
};

/** On stderr: stdout is the result's. */
export const openProgress = (quiet: boolean): ProgressView => {
  if (quiet) return { step: () => undefined, end: () => undefined };
  return process.stderr.isTTY && process.stderr.columns > 0
    ? terminalProgress(process.stderr)
    : lineProgress(process.stderr);
};
