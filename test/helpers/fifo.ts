/** Descriptors for `net.Socket`, as the addon's are. POSIX. */
import { spawnSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Test } from 'tap';
import { tempDir } from './temp-dir.ts';

export interface Fifo {
  /** Reads and writes it; whoever it is given to closes it. */
  readonly fd: number;
  /** The end to read what is written there. */
  readonly reader: () => Socket;
  /** The end to write what is read there. */
  readonly writer: () => Socket;
}

/** `fd` opens it as told: for writing only its readers see the end. */
export const openFifo = (t: Test, fdIs: 'written' | 'read' | 'both'): Fifo => {
  const path = join(tempDir(t), 'fifo');
  const { status } = spawnSync('mkfifo', [path]);
  if (status !== 0) throw new Error(`mkfifo ${path}: ${String(status)}`);
  const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;
  // Both ends have to be there before the other one is opened.
  const ours = openSync(path, (fdIs === 'written' ? O_RDONLY : O_RDWR) | O_NONBLOCK);
  const fd = openSync(path, (fdIs === 'written' ? O_WRONLY : O_RDWR) | O_NONBLOCK);
  const socket = (readable: boolean): Socket => {
    const end = new Socket({ fd: ours, readable, writable: !readable });
    t.teardown(() => end.destroy());
    return end;
  };
  return { fd, reader: () => socket(true), writer: () => socket(false) };
};

export const readToEnd = async (socket: Socket): Promise<string> => {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += chunk as string;
  return text;
};
