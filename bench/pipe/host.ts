/** The end that answers: starts the one that asks, and leads the bench's commands on to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** @param script of this folder; its stdin is open. */
export const startAsker = (script: string, args: readonly string[] = []): ChildProcess => {
  const file = fileURLToPath(new URL(`./${script}.js`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'ignore', 'inherit', 'ipc'] });
  child.on('message', (message) => {
    process.send?.(message);
  });
  process.on('message', (message: object) => {
    child.send(message);
  });
  process.on('disconnect', () => process.exit());
  return child;
};

/** The bench may begin. */
export const ready = (): void => {
  process.send?.({ kind: 'ready' });
};
