/** Where the worker gets in: by a name that nobody can know, and for nobody else as far as the platform can tell. */
import { loadChild, loadWorkerProcess } from '@guruconnect/native';
import type { Socket } from 'node:net';
import { openSealedDoor } from './sealed-door.ts';
import { openSocketDoor } from './socket-door.ts';

export interface Knocks {
  /** It may be the worker. */
  knock(socket: Socket): void;
  /** It is not, and was hung up on; at the first of them, or later. */
  stranger(): void;
}

export interface Door {
  /** What the worker connects to. */
  readonly path: string;
  /**
   * From now on tells of connections. Which process each is from is known, where the platform knows it: `pid` is that of a child of
   * ours, and held. Whoever knocks still has to say the token. To be called once.
   */
  open(pid: number, on: Knocks): void;
  /** Nobody comes in any more; who has, stays. */
  close(): void;
}

/** @param account who the worker runs as, where that is not as we do: a SID, or SDDL's name for it. */
export const openDoor = (onError: (error: unknown) => void, account?: string): Promise<Door> => {
  const addon = loadWorkerProcess();
  return addon === undefined
    ? openSocketDoor(loadChild())
    : Promise.resolve(openSealedDoor(addon, onError, account));
};
