/**
 * The way to the relay: a port of loopback that leads on to another one, until it is cut. Then nothing comes through and nobody is
 * told: no end, no reset. What was sent comes when it is whole again, as TCP would send it again; so does a connection
 * that was begun meanwhile, unless whoever began it has given it up.
 */
import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

export interface Cable {
  readonly port: number;
  cut(): void;
  heal(): void;
  close(): Promise<void>;
}

/** Either way, of a connection. */
const ways = (near: Socket, far: Socket) =>
  [
    [near, far],
    [far, near],
  ] as const;

/** Either end takes the other with it, and a far end that is not there resets the near one. */
const join = (near: Socket, far: Socket): void => {
  for (const [one, other] of ways(near, far)) {
    one.on('error', () => {
      // libuv resets no connection that is being ended (EINVAL), and then Node neither lets go of it nor comes to its own end.
      if (other.writableEnded) other.destroy();
      else other.resetAndDestroy();
    });
    one.on('close', () => {
      other.destroySoon();
    });
    one.pipe(other);
  }
};

/** @param to the port that it leads to, which may have nobody listening. */
export const openCable = async (to: number): Promise<Cable> => {
  const pairs = new Map<Socket, Socket>();
  /** Begun while it is cut, with what they have said so far. */
  const held = new Map<Socket, Buffer[]>();
  let isCut = false;

  const lead = (near: Socket, said: readonly Buffer[]): void => {
    const far = connect(to, '127.0.0.1');
    pairs.set(near, far);
    near.on('close', () => pairs.delete(near));
    for (const bytes of said) far.write(bytes);
    join(near, far);
  };
  const hold = (near: Socket): void => {
    const said: Buffer[] = [];
    held.set(near, said);
    near.on('data', (bytes: Buffer) => said.push(bytes));
    for (const gone of ['end', 'error', 'close']) near.on(gone, () => held.delete(near));
  };
  const server = createServer((near) => {
    if (isCut) hold(near);
    else lead(near, []);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      isCut = true;
      // A socket that is not read from does not tell of its end either.
      for (const pair of pairs) for (const [one, other] of ways(...pair)) one.unpipe(other).pause();
    },
    heal: () => {
      isCut = false;
      for (const pair of pairs) for (const [one, other] of ways(...pair)) one.pipe(other);
      for (const [near, said] of held) {
        near.removeAllListeners('data');
        lead(near, said);
      }
      held.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of [...pairs].flat()) socket.destroy();
        for (const near of held.keys()) near.destroy();
      }),
  };
};
