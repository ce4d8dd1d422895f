/** The same under Wine: node.exe, the addon's launcher and the sealed pipe, with the relay outside. */
import { openLab, toWindowsPath } from '../helpers/windows.ts';
import { labProgram } from '../helpers/windows-programs.ts';
import { ROOT } from '../helpers/program.ts';
import { openRelayProgram } from './relay-program.ts';
import { join } from 'node:path';

export interface WindowsSoak {
  readonly cycles: number;
  readonly seed: number;
  readonly token: string;
  readonly say: (line: string) => void;
}

const LIMIT_MS = 3_600_000;

/** @returns whether nothing grows. */
export const soakOnWindows = async ({ cycles, seed, token, say }: WindowsSoak): Promise<boolean> => {
  const lab = await openLab();
  const relay = await openRelayProgram(token);
  try {
    const script = toWindowsPath(join(ROOT, 'test', 'dist', 'soak', 'main.js'));
    const args = ['--cycles', String(cycles), '--seed', String(seed), '--relay', relay.url, '--token', token];
    const env = { GURUCONNECT_SVCCTL: toWindowsPath(labProgram('svcctl')) };
    const { code, stdout, stderr } = await lab.run(
      lab.nodeExe,
      ['--expose-gc', '--title=guruconnect', script, ...args],
      { timeoutMs: LIMIT_MS, env },
    );
    for (const line of `${stdout}${stderr}`.trimEnd().split(/\r?\n/)) say(line);
    return code === 0;
  } finally {
    relay.close();
    await lab.close();
  }
};
