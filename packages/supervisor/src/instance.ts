/**
 * One supervisor per data folder. The claim is a local socket, which the system gives back however its holder ends; a
 * lock file would have to be explained away after every power cut.
 */
import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '@guruconnect/shared/make-folder';
import { UsageError, messageOf } from '@guruconnect/shared/usage-error';
import { claimProbe } from './claim-probe.ts';
import { listen } from './listen.ts';

const orUnusable = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw new UsageError(`the data folder cannot be used: ${messageOf(error)}`);
  }
};

/** A name that the system gives to one holder at a time and takes back however that ends. */
const claimName = (dataDir: string): string => {
  const who = `${process.getuid?.() ?? ''}:${process.platform === 'win32' ? dataDir.toLowerCase() : dataDir}`;
  const name = `guruconnect-supervisor-${createHash('sha256').update(who).digest('hex').slice(0, 32)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  // The leading NUL makes it an abstract socket (unix(7)): there is no file that could be left behind.
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
};

/**
 * The claim, until the server is closed or the process ends.
 * @param dataDir exists: who makes it decides who may get in.
 * @throws UsageError where another supervisor holds it.
 */
export const claimInstance = async (dataDir: string): Promise<Server> => {
  // By its one true name: over a link it would look like another.
  const name = claimName(orUnusable(() => realpathSync(dataDir)));
  const taken = new UsageError(`another supervisor is already running for ${dataDir}`);
  if (await claimProbe(process.platform)(name)) throw taken;
  // Nobody answers, so a socket file that is there was left by one that died.
  if (name.startsWith('/')) rmSync(name, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => undefined).destroy();
  });
  try {
    await listen(server, name);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? taken : error;
  }
  return server;
};

/** Makes the folder its user's own if need be, and holds the claim while `work` runs. @throws UsageError where another supervisor holds it. */
export const asOnlyInstance = async <T>(dataDir: string, work: () => Promise<T>): Promise<T> => {
  orUnusable(() => makeFolder(dataDir, 0o700));
  const server = await claimInstance(dataDir);
  try {
    return await work();
  } finally {
    server.close();
  }
};
