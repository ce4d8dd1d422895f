/** The descriptor of a socket, for which Node has no name of its own. */
import type { Socket } from 'node:net';

/** -1 where there is none: on Windows, and once the socket is closed. */
export const socketDescriptor = (socket: Socket): number =>
  (socket as { readonly _handle?: { readonly fd?: number } })._handle?.fd ?? -1;
