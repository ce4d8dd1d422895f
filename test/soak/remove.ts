import { rmSync } from 'node:fs';
import { messageOf } from '@guruconnect/shared/usage-error';

/** Removes a folder. On Windows the log in it may still be open: then it is left, and said so. */
export const remove = (folder: string, say: (line: string) => void): void => {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    say(`left behind: ${messageOf(error)}`);
  }
};
