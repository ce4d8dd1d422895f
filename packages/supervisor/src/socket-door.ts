/**
 * The door elsewhere: a socket in a folder that is our user's only. On Linux the kernel says who connects; where it cannot be
 * asked, the token alone has to do.
 */
import { type Socket, createServer } from 'node:net';
import type { ChildAddon } from '@guruconnect/native';
import { socketDescriptor } from '@guruconnect/shared/socket-descriptor';
import type { Door } from './door.ts';
import { listen } from './listen.ts';
import { createPipeAddress } from './pipe-address.ts';

type Peers = Pick<ChildAddon, 'peerOf'>;

const isFrom = (peers: Peers, socket: Socket, pid: number): boolean => {
  const peer = peers.peerOf(socketDescriptor(socket));
  return peer.error === 0 && peer.pid === pid;
};

/** @throws the system's error where the socket cannot be made. */
export const openSocketDoor = async (peers: Peers | undefined): Promise<Door> => {
  const address = createPipeAddress();
  const early: Socket[] = [];
  let admit = (socket: Socket): void => {
    early.push(socket);
  };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    admit(socket);
  });
  server.on('close', address.dispose);
  try {
    await listen(server, address.path);
    // One that cannot be accepted (EMFILE, say) is not the end of the door.
    server.on('error', () => undefined);
  } catch (error) {
    address.dispose();
    throw error;
  }
  return {
    path: address.path,
    open: (pid, { knock, stranger }) => {
      admit = (socket) => {
        if (peers === undefined || isFrom(peers, socket, pid)) {
          knock(socket);
          return;
        }
        socket.destroy();
        stranger();
      };
      early.splice(0).forEach(admit);
    },
    close: () => {
      admit = (socket) => {
        socket.destroy();
      };
      early.splice(0).forEach(admit);
      if (server.listening) server.close();
      // What is left of the name is of no use to anybody: `close` comes only when the last connection has ended.
      address.dispose();
    },
  };
};
