/** Has the worker's own program try the way to the relay: with its certificates, its environment and its restrictions. */
import { spawn } from 'node:child_process';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import { partSecrets } from '@guruconnect/shared/environment';
import { type ProbeRequest, type ProbeStep, parseProbe } from '@guruconnect/shared/probe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { OWN_SCRIPT } from '../own-program.ts';
import { workerEnvironment } from '../worker-environment.ts';
import { workerRestrictions } from '../worker-restrictions.ts';

/** More than all steps are. */
const MAX_OUTPUT = 256 * 1024;

const collect = (stream: NodeJS.ReadableStream, tooMuch: () => void): (() => string) => {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.length > MAX_OUTPUT) tooMuch();
  });
  return () => text;
};

/** The title keeps libuv from asserting in a child without a console of its own. The packaged program takes no options of node's. */
const argumentsFor = (options: AgentOptions): readonly string[] => [
  ...(OWN_SCRIPT === undefined
    ? []
    : ['--title=guruconnect-probe', ...workerRestrictions([dataDir(options)]), OWN_SCRIPT]),
  ...['worker', '--probe'],
];

/** Resolves after {@link TIMING.probe} at the latest, with what was told by then. @throws Error where it said nothing at all */
export const askProbe = (given: AgentOptions): Promise<readonly ProbeStep[]> =>
  new Promise((resolve, reject) => {
    const { env, options } = partSecrets(given, process.env);
    const request: ProbeRequest = { options };
    const child = spawn(process.execPath, argumentsFor(options), {
      env: workerEnvironment(env, process.platform),
      windowsHide: true,
      timeout: TIMING.probe,
      killSignal: 'SIGKILL',
    });
    const kill = (): void => {
      child.kill('SIGKILL');
    };
    const told = collect(child.stdout, kill);
    const complaint = collect(child.stderr, kill);
    child.once('error', reject);
    child.once('close', () => {
      const steps = parseProbe(told());
      if (steps.length > 0) resolve(steps);
      else
        reject(
          new Error(`the worker's program cannot try it: ${complaint().trim() || 'it ended without a word'}`),
        );
    });
    // Who is gone does not read: that is told by its end.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(request));
  });
