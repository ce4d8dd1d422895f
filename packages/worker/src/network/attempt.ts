/** A connection in the making, layer upon layer, which somebody may give up at any point. */
import { once } from 'node:events';
import type { Socket } from 'node:net';

export interface Attempt {
  /** Aborted when it is given up. */
  readonly signal: AbortSignal;
  /** Takes a new outermost socket, and waits until it is ready. Rejects when it fails, and with an abort. */
  readonly hold: <S extends Socket>(socket: S, ready: string) => Promise<S>;
}

/**
 * Only the outermost socket is ever destroyed, which ends those below. Node 20 crashes (SIGSEGV) where a socket and the TLS over
 * it are destroyed one right after the other.
 */
export const createAttempt = (signal: AbortSignal): Attempt => {
  let outermost: Socket | undefined;
  signal.addEventListener('abort', () => outermost?.destroy(), { once: true });
  return {
    signal,
    hold: async (socket, ready) => {
      outermost = socket;
      // It may fail while nobody else listens: between two layers, or after it has been given up.
      socket.on('error', () => undefined);
      await once(socket, ready, { signal });
      return socket;
    },
  };
};
