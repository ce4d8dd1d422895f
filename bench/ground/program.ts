/** Programs of a bench: started, talked to in JSON over Node's own channel, and ended with all that they have started. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { descendantsOf, isThere } from './proc.ts';

export interface Message {
  readonly kind: string;
}

export interface Program {
  readonly pid: number;
  send(message: Message): void;
  /** The next message of this kind, or one that has already come and was not asked for. @throws Error after `withinMs`, or at its end */
  next<M extends Message>(kind: M['kind'], withinMs: number): Promise<M>;
  /** Asks it to end; after a while it is ended. Nothing that it has started is left. */
  end(): Promise<void>;
}

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** It is a Node that sends and takes messages. */
  readonly talks?: true;
}

const END_MS = 10_000;
const running = new Set<ChildProcess>();

/** Nothing outlives the bench, however that ends. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Node's own hooks and options are for the bench, and not for what it measures. */
const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_')));

const endAll = (pids: readonly number[]): void => {
  for (const pid of pids) if (isThere(pid)) process.kill(pid, 'SIGKILL');
};

const isOver = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

const end = async (child: ChildProcess): Promise<void> => {
  const { pid } = child;
  if (pid === undefined || isOver(child)) return;
  const family = descendantsOf(pid);
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => {
    child.kill('SIGKILL');
  }, END_MS);
  await exit;
  clearTimeout(late);
  endAll(family);
};

/** Messages by their kind, in the order in which they came. */
const createInbox = (child: ChildProcess, name: string) => {
  const kept: Message[] = [];
  const waiting = new Set<(message?: Message) => boolean>();
  child.on('message', (message: Message) => {
    for (const offer of waiting) if (offer(message)) return;
    kept.push(message);
  });
  child.on('exit', () => {
    for (const offer of waiting) offer();
  });
  return <M extends Message>(kind: M['kind'], withinMs: number): Promise<M> =>
    new Promise((resolve, reject) => {
      const at = kept.findIndex((message) => message.kind === kind);
      if (at !== -1) {
        resolve(kept.splice(at, 1)[0] as M);
        return;
      }
      const settle = (act: () => void): true => {
        clearTimeout(timer);
        waiting.delete(offer);
        act();
        return true;
      };
      const offer = (message?: Message): boolean => {
        if (message === undefined) return settle(() => reject(new Error(`${name} ended before "${kind}"`)));
        return message.kind === kind && settle(() => resolve(message as M));
      };
      const timer = setTimeout(() => {
        settle(() => reject(new Error(`${name}: no "${kind}" within ${withinMs} ms`)));
      }, withinMs);
      waiting.add(offer);
    });
};

/** @throws Error where it cannot be started. */
export const launch = async ({ file, args, env = {}, talks }: Launch): Promise<Program> => {
  const stdio: StdioOptions = talks ? ['ignore', 'ignore', 'inherit', 'ipc'] : ['ignore', 'ignore', 'ignore'];
  const child = spawn(file, args, { stdio, env: { ...plainEnvironment(), ...env } });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const next = createInbox(child, args.find((arg) => arg.includes('/')) ?? file);
  await once(child, 'spawn');
  return {
    pid: child.pid ?? 0,
    send: (message) => {
      child.send(message);
    },
    next,
    end: () => end(child),
  };
};
