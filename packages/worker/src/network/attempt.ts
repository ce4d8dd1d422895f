/** A connection in the making, layer upon layer, which somebody may give up at any point. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Tell } from './step.ts';

export interface Attempt {
  /** Aborted when it is given up. */
  readonly signal: AbortSignal;
  /** Called with every layer that there is. */
  readonly tell: Tell;
  /** Somebody wants to see what peers show, also where it is not good enough. */
  readonly isWatched: boolean;
  /** Takes a new outermost socket, and waits until it is ready. Rejects when it fails, and with an abort. */
  readonly hold: <S extends Socket>(socket: S, ready: string) => Promise<S>;
}

/**
 * Only the outermost socket is ever destroyed, which ends those below. Node 20 crashes (SIGSEGV) where a socket and the TLS over
 * it are destroyed one right after the other.
 */
export const createAttempt = (
  signal: AbortSignal,
  tell: Tell = () => undefined,
  isWatched = false,
): Attempt => {
  let outermost: Socket | undefined;
  signal.addEventListener('abort', () => outermost?.destroy(), { once: true });
  return {
    signal,
    tell,
    isWatched,
    hold: async (socket, ready) => {
      outermost = socket;
      // It may fail while nobody else listens: between two layers, or after it has been given up.
      socket.on('error', () => undefined);
      await once(socket, ready, { signal });
      return socket;
    },
  };
};
