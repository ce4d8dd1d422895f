/** A relay in a process of its own: what it keeps must not count as ours. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { ROOT } from '../helpers/program.ts';

const SCRIPT = join(ROOT, 'packages', 'relay', 'dist', 'main.js');

export interface RelayProgram {
  readonly url: string;
  close(): void;
}

/** @param script another relay that says so. @throws Error where it does not say where it listens. */
export const openRelayProgram = async (token: string, script = SCRIPT): Promise<RelayProgram> => {
  const child = spawn(process.execPath, [script, '--token', token], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  for await (const line of lines) {
    const [, url] = /^relay: (\S+)$/.exec(line) ?? [];
    if (url === undefined) continue;
    lines.close();
    child.stdout.resume();
    return { url, close: () => child.kill() };
  }
  throw new Error('the relay does not say where it listens');
};
