import { join, resolve } from 'node:path';

import { onWindows, wine } from './windows-programs.ts';

/** The Windows a lab works in: the machine itself, the Wine prefix that the runner shares out, or its own. */
export interface Prefix {
  readonly directory: string | undefined;
  /** Why `reboot` would refuse, or undefined. */
  readonly rebootUnavailable: string | undefined;
  reboot(): Promise<void>;
  close(): Promise<void>;
}

export async function openPrefix(scratch: string, own: boolean): Promise<Prefix> {
  const shared = process.env['GURUCONNECT_WINEPREFIX'];
  if (onWindows) return lentPrefix(undefined, 'tests do not reboot a real Windows');
  if (shared === undefined || own) return ownPrefix(join(scratch, 'prefix'));
  return lentPrefix(resolve(shared), 'other suites share this Wine prefix: openLab({ ownPrefix: true })');
}

function lentPrefix(directory: string | undefined, rebootUnavailable: string): Prefix {
  return {
    directory,
    rebootUnavailable,
    reboot: () => Promise.reject(new Error(rebootUnavailable)),
    close: () => Promise.resolve(),
  };
}

async function ownPrefix(directory: string): Promise<Prefix> {
  // A test that ends early must not leave a Wine server behind: it would run for ever. First of the handlers,
  // because another one removes the directory.
  const abandon = () => wine.killPrefixNow(directory);
  process.prependOnceListener('exit', abandon);
  await wine.bootPrefix(directory);
  return {
    directory,
    rebootUnavailable: undefined,
    reboot: () => wine.rebootPrefix(directory),
    close: async () => {
      await wine.killPrefix(directory);
      process.off('exit', abandon);
    },
  };
}
