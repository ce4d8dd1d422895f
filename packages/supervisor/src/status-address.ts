/** Where a supervisor serves its status: one address per data folder. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** sizeof(sockaddr_un.sun_path) less its NUL; the smallest of the POSIX systems is macOS'. */
export const MAX_SOCKET_PATH = 103;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** @param dataDir absolute. A socket in the folder itself, where there is room for its path. */
export const statusAddress = (dataDir: string): string => {
  if (process.platform === 'win32') return `\\\\.\\pipe\\guruconnect-status-${digest(dataDir.toLowerCase())}`;
  const path = join(dataDir, 'status.sock');
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return path;
  return join(tmpdir(), `guruconnect-status-${digest(`${process.getuid?.() ?? ''}:${dataDir}`)}.sock`);
};
