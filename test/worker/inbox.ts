/** What something told, in order, and a bounded wait for what it is going to tell. */
import { EventEmitter, once } from 'node:events';
import { SOON } from '../relay/agent.ts';

export interface Inbox<T> {
  readonly items: readonly T[];
  put(item: T): void;
  /** The first item from index `from` on that is `wanted`. Rejects after {@link SOON} milliseconds. */
  next(wanted: (item: T) => boolean, from?: number): Promise<T>;
}

export const createInbox = <T>(): Inbox<T> => {
  const items: T[] = [];
  const bell = new EventEmitter().setMaxListeners(0);
  return {
    items,
    put: (item) => {
      items.push(item);
      bell.emit('item');
    },
    next: async (wanted, from = 0) => {
      const signal = AbortSignal.timeout(SOON);
      for (let at = from; ; at += 1) {
        if (at >= items.length) {
          await once(bell, 'item', { signal }).catch((cause: unknown) => {
            throw new Error(`not within ${SOON} ms; saw ${JSON.stringify(items)}`, { cause });
          });
        }
        const item = items[at];
        if (item !== undefined && wanted(item)) return item;
      }
    },
  };
};
