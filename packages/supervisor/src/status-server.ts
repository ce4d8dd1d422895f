/**
 * Serves the supervisor's status to who may see it: administrators on Windows, its own user elsewhere. On Windows the addon
 * answers from a thread of its own, so that a supervisor whose event loop hangs is told apart from one that is not there.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { loadManager } from '@guruconnect/native';
import { TIMING } from '@guruconnect/shared/timing';
import { listen } from './listen.ts';
import { statusAddress } from './status-address.ts';
import { describeWin32 } from './manage/win32-error.ts';

export interface StatusServer {
  publish(text: string): void;
  close(): void;
}

/** Protected; LocalSystem, administrators and the owner of the pipe (the user of a console supervisor) may read it. */
const ADMINISTRATORS_ONLY = 'D:P(A;;GR;;;SY)(A;;GR;;;BA)(A;;GR;;;OW)';

const servePipe = (address: string): StatusServer => {
  const addon = loadManager();
  const error = addon.statusServe(address, ADMINISTRATORS_ONLY);
  if (error !== 0) throw new Error(`the status pipe cannot be made: ${describeWin32(error)}`);
  return { publish: addon.statusPublish, close: () => undefined };
};

const serveSocket = async (address: string): Promise<StatusServer> => {
  let current: { readonly text: string; readonly at: number } | undefined;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    // Who does not read is not waited for.
    socket.setTimeout(TIMING.statusAnswer, () => {
      socket.destroy();
    });
    if (current === undefined) socket.destroy();
    else socket.end(`${Math.round(performance.now() - current.at)}\n${current.text}`);
  });
  // The instance claim says that no other supervisor is there: what lies at the address was left by one that died.
  rmSync(address, { force: true });
  await listen(server, address);
  // One that cannot be accepted (EMFILE, say) is not the end of the others.
  server.on('error', () => undefined);
  chmodSync(address, 0o600);
  server.unref();
  return {
    publish: (text) => {
      current = { text, at: performance.now() };
    },
    close: () => {
      server.close();
    },
  };
};

/** @throws Error where the address cannot be served. */
export const openStatusServer = async (dataDir: string): Promise<StatusServer> => {
  const address = statusAddress(dataDir);
  return process.platform === 'win32' ? servePipe(address) : serveSocket(address);
};
