/**
 * Ctrl-C as a key and not as a signal. A terminal sends the signal to every process of the foreground job: to npm, whose
 * shell dies of it and gives the prompt back while we are still saying goodbye, and on Windows to a cmd.exe that asks
 * whether to "Terminate batch job". As a key it reaches nobody but us.
 */
import { readFileSync } from 'node:fs';

const CTRL_C = 0x03;
/** Places of the fields after the command's closing parenthesis; proc(5), /proc/pid/stat. */
const PGRP = 2;
const TPGID = 5;

/** A background job that touches the terminal's mode is stopped by the kernel (SIGTTOU). */
const isForeground = (): boolean => {
  if (process.platform !== 'linux') return true;
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[PGRP] === fields[TPGID];
};

/** Calls back for every Ctrl-C typed, where there is a terminal to type it. @returns gives the terminal back. */
export const watchInterruptKey = (onInterrupt: () => void): (() => void) => {
  const { stdin } = process;
  if (!stdin.isTTY || !process.stdout.isTTY || !isForeground()) return () => undefined;
  const onData = (keys: Buffer): void => {
    for (const key of keys) if (key === CTRL_C) onInterrupt();
  };
  stdin.setRawMode(true);
  stdin.on('data', onData);
  // A terminal that is gone is told by SIGHUP.
  stdin.on('error', () => undefined);
  return () => {
    stdin.off('data', onData);
    stdin.setRawMode(false);
    stdin.pause();
    stdin.unref();
  };
};
