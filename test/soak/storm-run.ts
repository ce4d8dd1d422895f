/** A storm as a program: where it happens, who may end it, and what is printed. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '@guruconnect/shared/usage-error';
import { fixture } from '../helpers/program.ts';
import type { CommandLine } from './command-line.ts';
import { remove } from './remove.ts';
import { runStorm } from './storm/storm.ts';
import { describeReport } from './storm/summary.ts';

const TOKEN = 'soak';
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const note = (line: string): void => void process.stderr.write(`${line}\n`);

/** @returns whether all is well. What the agents wrote is kept where it is not. */
export const stormHere = async (asked: CommandLine & { readonly kind: 'storm' }): Promise<boolean> => {
  const { json, leak, seed } = asked;
  if (process.platform !== 'linux') throw new Error('a storm looks at its agents by /proc: it runs on Linux');
  const say = json ? note : print;
  const scratch = mkdtempSync(join(tmpdir(), 'gc-storm-'));
  const interrupted = new AbortController();
  const onInterrupt = (): void => {
    say('to be ended after this event');
    interrupted.abort();
  };
  process.once('SIGINT', onInterrupt);
  say(`seed ${seed}`);
  try {
    const nodeArgs = leak ? ['--import', fixture('leaks')] : [];
    const report = await runStorm({
      ...asked,
      scratch,
      token: TOKEN,
      nodeArgs,
      signal: interrupted.signal,
      say,
    });
    if (json) print(JSON.stringify(report, undefined, 2));
    else for (const line of describeReport(report)) print(line);
    if (report.ok) remove(scratch, say);
    else say(`the agents' data is kept: ${scratch}`);
    return report.ok;
  } catch (error) {
    say(`the storm could not be run: ${messageOf(error)}; the agents' data is kept: ${scratch}`);
    return false;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
};
