/** guruconnect.msi, and what Windows Installer does with it, in the Windows laboratory. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Relay, ofKind, startRelay } from '@guruconnect/relay';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import type { Test } from 'tap';
import { ROOT } from './program.ts';
import { tempDir } from './temp-dir.ts';
import { type WindowsLab, onWindows, toWindowsPath } from './windows.ts';

/** guruconnect.msi, and beside it, on Windows, what scripts/test-installers.mjs has made of it elsewhere. */
const GIVEN = process.env['GURUCONNECT_INSTALLERS'];
export const INSTALLER = join(GIVEN ?? join(ROOT, 'dist'), 'guruconnect.msi');
/** What scripts/test-installers.mjs calls its version. */
export const NEWER = '99.1.0';
export const PROGRAM_FOLDER = 'C:\\Program Files\\GuruConnect';
export const DATA_FOLDER = 'C:\\ProgramData\\GuruConnect';
/** ERROR_INSTALL_FAILURE, of which Wine leaves the low eight bits. */
export const FAILED = onWindows ? 1603 : 1603 & 0xff;

const RUN_MS = 120_000;
const ONLINE_MS = 30_000;
/** The laboratory's disk belongs to the user it runs as: for Windows that is no administrator. */
const LABORATORY = onWindows ? [] : ['ALLOW_INSECURE_PATH=1', 'TAKE_OVER_DATA=1'];

/** `newer`: another version, of which a step fails with FAIL=install or FAIL=removal. `broken`: one with a program that is none. */
export const testInstallers = (
  t: Pick<Test, 'teardown'>,
): { readonly newer: string; readonly broken: string } => {
  const folder = GIVEN ?? tempDir(t);
  if (GIVEN === undefined) {
    const script = join(ROOT, 'scripts', 'test-installers.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }
  return { newer: join(folder, 'newer.msi'), broken: join(folder, 'broken.msi') };
};

export interface Ended {
  readonly code: number | null;
  /** What the DLL of the installer has logged. */
  readonly log: string;
  readonly wholeLog: string;
}

const readLog = (file: string): string => {
  const bytes = readFileSync(file);
  return bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8');
};

const ownLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .filter((line) => line.includes('GuruConnect: '))
    .join('\n');

export interface InstallerLab {
  readonly relay: Relay;
  readonly token: string;
  /** `msiexec <verb> <file> /qn <properties>`. */
  msiexec(verb: '/i' | '/x', file: string, ...properties: readonly string[]): Promise<Ended>;
  /** As above with `/i`; the relay's next session, where it succeeded. */
  online(file: string, ...properties: readonly string[]): Promise<{ readonly agentId: string }>;
  /** Names below the folder, of files and folders; empty where it is not there. */
  below(folder: string): Promise<readonly string[]>;
  /** The service's image path, or `undefined` where there is no service. */
  imagePath(): Promise<string | undefined>;
  enrolments(): number;
}

/** Nothing is installed yet. What is at the end is removed. */
export const openInstaller = async (t: Test, lab: WindowsLab): Promise<InstallerLab> => {
  const token = randomBytes(16).toString('hex');
  const relay = await startRelay({ port: 0, enrollTokens: [token] });
  const logs = tempDir(t);
  let installed: string | undefined;
  let runs = 0;
  const msiexec: InstallerLab['msiexec'] = async (verb, file, ...properties) => {
    const log = join(logs, `${runs++}.log`);
    const args = [verb, toWindowsPath(file), '/qn', '/l*v', toWindowsPath(log), ...LABORATORY, ...properties];
    const { code } = await lab.run('msiexec', args, { timeoutMs: RUN_MS });
    if (code === 0) installed = verb === '/i' ? file : undefined;
    const wholeLog = readLog(log);
    return { code, log: ownLines(wholeLog), wholeLog };
  };
  const query = async (key: string): Promise<string> => (await lab.run('reg', ['query', key])).stdout;
  t.teardown(async () => {
    if (installed !== undefined) await msiexec('/x', installed);
    await relay.close();
  });
  return {
    relay,
    token,
    msiexec,
    online: async (file, ...properties) => {
      const seen = relay.events.length;
      const { code, log, wholeLog } = await msiexec('/i', file, ...properties);
      t.equal(code, 0, log);
      // Wine's own log tells every property.
      if (onWindows) t.notOk(wholeLog.includes(token), 'the token is not in the log');
      return relay.waitFor(ofKind('session-online'), ONLINE_MS, seen);
    },
    below: async (folder) => {
      const { stdout } = await lab.run('cmd', ['/c', 'dir', '/s', '/b', folder]);
      return stdout
        .split(/\r?\n/)
        .filter((line) => line.startsWith(`${folder}\\`))
        .map((line) => line.slice(folder.length + 1))
        .sort();
    },
    imagePath: async () => {
      const text = await query(`HKLM\\SYSTEM\\CurrentControlSet\\Services\\${SERVICE_NAME}`);
      return /ImagePath +\S+ +(.*\S)/.exec(text)?.[1];
    },
    enrolments: () => relay.events.filter(ofKind('enrolled')).length,
  };
};
