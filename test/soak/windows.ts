/** The same under Wine: node.exe, the addon's launcher and the sealed pipe, with the relay outside. */
import { openLab, toWindowsPath } from '../helpers/windows.ts';
import { labProgram, soakProgram } from '../helpers/windows-programs.ts';
import { openRelayProgram } from './relay-program.ts';

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
    const script = toWindowsPath(soakProgram);
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
