/**
 * Stores a credential, however long it takes. A disk that is full, or a folder that cannot be written to, must not cost a machine the
 * credential that it has just got: the former one is void by then, and a token may be good for once.
 */
import { type Clock, createAlarm } from '@guruconnect/shared/clock';
import type { Log } from '@guruconnect/shared/log';
import { TIMING } from '@guruconnect/shared/timing';
import { messageOf } from '@guruconnect/shared/usage-error';
import { within } from '@guruconnect/shared/within';
import type { StoredCredential } from '@guruconnect/store/stored-credential';

export interface Keeper {
  /** Resolves after the first try, whatever came of it; what failed is tried again until it is done or let go of. */
  keep(stored: StoredCredential): Promise<void>;
  /** Lets go of what is still to be tried, and waits for a write that is under way, if not for long. */
  release(): Promise<void>;
}

export const createKeeper = (
  clock: Clock,
  log: Log,
  write: (stored: StoredCredential) => Promise<void>,
): Keeper => {
  const alarm = createAlarm(clock);
  let released = false;
  let writing: Promise<unknown> = Promise.resolve();
  const keep = async (stored: StoredCredential): Promise<void> => {
    alarm.off();
    try {
      writing = write(stored);
      await writing;
    } catch (error) {
      if (released) return;
      log.error(
        { why: messageOf(error) },
        'the credential cannot be stored: it is lost when the agent ends, and stored as soon as that can be done',
      );
      alarm.set(TIMING.storeRetry, () => void keep(stored));
    }
  };
  return {
    keep,
    release: async () => {
      released = true;
      alarm.off();
      await within(
        writing.catch(() => undefined),
        TIMING.closeShutdown,
      );
    },
  };
};
