/** A fresh name for one launch's pipe: unguessable on Windows, in a folder of our own elsewhere. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_SOCKET_PATH } from './status-address.ts';

export interface PipeAddress {
  readonly path: string;
  /** Removes what the name left behind. */
  dispose(): void;
}

const NAME_BYTES = 16;
const PREFIX = 'guruconnect-';
const SOCKET = 'worker.sock';

/** The temporary folder, unless a socket in it would be too deep: the path would be cut off silently. */
const socketHome = (): string => {
  const deepest = join(tmpdir(), `${PREFIX}XXXXXX`, SOCKET);
  return Buffer.byteLength(deepest) <= MAX_SOCKET_PATH ? tmpdir() : '/tmp';
};

export const createPipeAddress = (): PipeAddress => {
  if (process.platform === 'win32') {
    const name = randomBytes(NAME_BYTES).toString('hex');
    return { path: `\\\\.\\pipe\\guruconnect-worker-${name}`, dispose: () => undefined };
  }
  // mkdtemp makes the folder with mode 0700: nobody else reaches the socket in it.
  const folder = mkdtempSync(join(socketHome(), PREFIX));
  const dispose = (): void => {
    process.off('exit', dispose);
    rmSync(folder, { recursive: true, force: true });
  };
  // A second Ctrl-C ends the process without any more ado.
  process.once('exit', dispose);
  return { path: join(folder, SOCKET), dispose };
};
