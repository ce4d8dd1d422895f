import type { WebSocket } from 'ws';
import type { CloseReason } from './conversation.ts';

/**
 * Watches the close frames that a connection sends. The library sends each through `close`: the relay's own (its reason
 * a string), the one that ends a violation (no reason), and the answer to the agent's (the agent's reason as a Buffer,
 * or nothing at all where the agent gave no code). While `ignoreAgent` says so, the last is not sent, which is what a
 * relay that hangs in mid-close looks like. Returns what was sent first, if anything was.
 */
export const captureClose = (
  link: WebSocket,
  ignoreAgent: () => boolean,
): (() => CloseReason | undefined) => {
  const close = link.close.bind(link);
  let first: CloseReason | undefined;
  link.close = (code, reason) => {
    const answersAgent = code === undefined || Buffer.isBuffer(reason);
    if (answersAgent && ignoreAgent()) return;
    if (code !== undefined) first ??= { code, reason: String(reason ?? '') };
    close(code, reason);
  };
  return () => first;
};
