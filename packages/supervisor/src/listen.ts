/** `server.listen` as a promise. */
import type { Server } from 'node:net';

/** @throws the system's error, EADDRINUSE for one; errors after that are the server's again. */
export const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
