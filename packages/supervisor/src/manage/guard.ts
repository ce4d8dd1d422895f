/**
 * A process of its own that starts the service, should this one end between a stop and a start: its window is closed, the
 * user logs off, the connection that it runs over was the agent's. It waits for the end of its stdin, which comes however
 * a process ends, and does nothing where it was told before that all is well.
 */
import { spawn } from 'node:child_process';
import { serviceProgram } from './program-location.ts';

const DONE = 'done';

/** Whether a command leaves the service running, so that its own end must not leave it stopped. */
export const needsGuard = (command: string, own: Readonly<Record<string, unknown>>): boolean =>
  command === 'restart' || (command === 'install' && own['no-start'] !== true);

export interface Guard {
  /** All is well: it goes without having done anything. */
  dismiss(): void;
}

/** Detached: libuv would have it die with this process. To have none is no reason not to go on. */
export const startGuard = (): Guard => {
  const { executable, script } = serviceProgram('');
  const program = script === undefined ? [] : ['--title=guruconnect-guard', script];
  const child = spawn(executable, [...program, 'start', '--when-abandoned', '--quiet'], {
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  return {
    dismiss: () => {
      child.stdin.end(DONE);
    },
  };
};

/** The guard's side of it. @returns whether who has started it is gone without a word. */
export const isAbandoned = async (input: NodeJS.ReadableStream): Promise<boolean> => {
  let text = '';
  try {
    for await (const chunk of input) text += String(chunk);
  } catch {
    // A pipe that breaks has ended.
  }
  return text !== DONE;
};
